import { describe, expect, it } from 'vitest';
import type { Seed } from '../../src/local/index.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startRelay } from '../helpers/relay.js';
import { startService } from '../helpers/service.js';

const httpService: Seed = {
  loadBalancers: [
    {
      name: 'web',
      listeners: [
        { protocol: 'HTTP', loadBalancerPort: 80, instancePort: 8080 },
        { protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 },
      ],
      instances: ['i-0123456789abcdef0'],
      healthCheck: { target: 'HTTP:8443/health' },
      tags: { 'kubernetes.io/cluster/prod': 'owned' },
    },
  ],
};

describe('a blocker', () => {
  it('stops enable before any write: exit 3, with its code and the way past', async () => {
    await using service = await startService(httpService);
    await using relay = await startRelay(service.endpoint);
    const ran = await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], relay);
    expect(ran.code).toBe(3);
    expect(ran.json()).toMatchObject({ outcome: 'refused', error: { code: 'blocked' } });
    expect(ran.json().error.hint).toContain('--force http-health-check');
    expect(relay.writes()).toEqual([]);
  });

  it('is overruled by its own code, and by no other', async () => {
    await using service = await startService(httpService);
    const other = await elbProxyHere(
      ['enable', 'web', '--port', '8443', '--yes', '--force', 'http-listener'],
      service,
    );
    expect(other.code).toBe(3);
    const own = await elbProxyHere(
      ['enable', 'web', '--port', '8443', '--yes', '--force', 'http-health-check'],
      service,
    );
    expect(own.code).toBe(0);
    expect(await service.listOf(8443)).toEqual(['ProxyProtocol-enabled']);
  });

  it('is overruled in the plan if it was forced then, and apply honours that', async () => {
    await using service = await startService(httpService);
    const dry = await elbProxyHere(['enable', 'web', '--port', '8443', '--dry-run', '-o', 'json'], service);
    expect(dry.code).toBe(0);
    expect(dry.json().changes[0].hazards).toContainEqual(
      expect.objectContaining({ code: 'http-health-check', level: 'blocker', instancePort: 8443 }),
    );
    const { writeFile } = await import('node:fs/promises');
    const { temporaryDirectory } = await import('../helpers/elb-proxy.js');
    const file = `${await temporaryDirectory()}/plan.json`;
    await writeFile(file, dry.stdout);
    expect((await elbProxyHere(['apply', file, '--yes'], service)).code).toBe(3);
    await elbProxyHere(
      ['enable', 'web', '--port', '8443', '--dry-run', '--out', file, '--force', 'http-health-check'],
      service,
    );
    expect((await elbProxyHere(['apply', file, '--yes'], service)).code).toBe(0);
  });

  it('does not stop disable', async () => {
    await using service = await startService(httpService);
    await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '--force', 'http-health-check'], service);
    expect((await elbProxyHere(['disable', 'web', '--port', '8443', '--yes'], service)).code).toBe(0);
  });
});

describe('status', () => {
  it('shows, with a name, health, tags and the same hazards as enable; without one it asks for neither', async () => {
    await using service = await startService(httpService);
    await using relay = await startRelay(service.endpoint);
    const named = (await elbProxyHere(['status', 'web', '-o', 'json'], relay)).json();
    expect(named.loadBalancers[0].hazards.map(({ code }: { code: string }) => code)).toEqual(
      expect.arrayContaining(['http-listener', 'http-health-check', 'managed-elsewhere']),
    );
    expect(named.loadBalancers[0].instances).toMatchObject({ total: 1 });
    const before = relay.calls.length;
    const all = (await elbProxyHere(['status', '-o', 'json'], relay)).json();
    expect(
      relay.calls
        .slice(before)
        .map(({ action }) => action)
        .toSorted(),
    ).toEqual(['DescribeLoadBalancers', 'elbv2 DescribeLoadBalancers']);
    expect(all.loadBalancers[0]).not.toHaveProperty('instances');
  });

  it('--expect is the drift check: exit 4 names each port that is otherwise', async () => {
    await using service = await startService();
    await elbProxyHere(['enable', 'web', '--port', '8443', '--yes'], service);
    expect(
      (await elbProxyHere(['status', 'web', '--expect', 'enabled', '--port', '8443'], service)).code,
    ).toBe(0);
    const drifted = await elbProxyHere(['status', 'web', '--expect', 'enabled', '-o', 'json'], service);
    expect(drifted.code).toBe(4);
    expect(drifted.json().loadBalancers).toHaveLength(1);
    expect(drifted.stderr).toContain('web instance port 9443 is disabled');
    const meant = await elbProxyHere(['status', 'web', '--expect', 'enabled', '--port', '443'], service);
    expect(meant.code).toBe(4);
    expect(meant.stderr.replaceAll(/\s+/g, ' ')).toContain(
      'web has no instance port 443 (its load balancer port 443 forwards to instance port 8443)',
    );
  });

  it('--expect with nothing to check is not a success', async () => {
    await using service = await startService();
    const ran = await elbProxyHere(['status', '--expect', 'enabled', '--tag', 'team=none'], service);
    expect(ran.code).toBe(4);
    expect(ran.stderr.replaceAll(/\s+/g, ' ')).toContain('there is nothing to expect enabled of');
    expect(ran.stderr).toContain('(code nothing-matched)');
  });

  it('--tag shows only load balancers that have the tag', async () => {
    await using service = await startService(httpService);
    expect(
      (
        await elbProxyHere(['status', '-o', 'json', '--tag', 'kubernetes.io/cluster/prod=owned'], service)
      ).json().loadBalancers,
    ).toHaveLength(1);
    expect(
      (await elbProxyHere(['status', '-o', 'json', '--tag', 'team=none'], service)).json().loadBalancers,
    ).toEqual([]);
  });
});

describe('an API that says less than AWS does', () => {
  it('still works: what it leaves out is reported as unknown, not assumed', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint, async ({ action }) => {
      if (action === 'DescribeTags' || action === 'DescribeInstanceHealth')
        return { error: 'InvalidAction', message: 'not here' };
      return 'pass';
    });
    const ran = await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], relay);
    expect(ran.json()).toMatchObject({ outcome: 'applied' });
    expect(ran.json().changes[0].hazards.map(({ code }: { code: string }) => code)).toEqual(
      expect.arrayContaining(['unknown-tags', 'unknown-instance-health']),
    );
    expect(ran.json().changes[0].affects).not.toHaveProperty('instances');
  });
});
