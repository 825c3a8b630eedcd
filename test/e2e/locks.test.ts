import type { ChildProcess } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Seed } from '../../src/local/index.js';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startRelay, type Tamper } from '../helpers/relay.js';
import { type Service, startService } from '../helpers/service.js';
import { unwrapped } from '../helpers/unwrapped.js';

const set = 'SetLoadBalancerPoliciesForBackendServer';
const create = 'CreateLoadBalancerPolicy';
const ports = Array.from({ length: 10 }, (_, index) => 9001 + index);

/** One load balancer with ten ports, each with a policy of someone else's. */
const tenPorts: Seed = {
  loadBalancers: [
    {
      name: 'web',
      listeners: ports.map((port) => ({
        protocol: 'TCP' as const,
        loadBalancerPort: port,
        instancePort: port,
      })),
      policies: [
        { policyName: 'key', policyTypeName: 'PublicKeyPolicyType', attributes: { PublicKey: 'MIIB' } },
        ...ports.map((port) => ({
          policyName: `auth-${port}`,
          policyTypeName: 'BackendServerAuthenticationPolicyType',
          attributes: { PublicKeyPolicyName: 'key' },
        })),
      ],
      backendPolicies: ports.map((port) => ({ instancePort: port, policyNames: [`auth-${port}`] })),
    },
  ],
};

/** Makes the lock's policy, as a run on another machine would. */
async function lockedBy(service: Service, cookieName: string): Promise<void> {
  const form = new URLSearchParams({
    Action: 'CreateAppCookieStickinessPolicy',
    Version: '2012-06-01',
    LoadBalancerName: 'web',
    PolicyName: 'elb-proxy-lock',
    CookieName: cookieName,
  });
  const answer = await fetch(service.endpoint, { method: 'POST', body: form });
  expect(answer.status).toBe(200);
}

const other = 'elb-proxy.build-7.example.4711.20261123T153012Z.0123456789abcdef';

const enablePort = (port: number, more: readonly string[]) => {
  const argv = ['enable', 'web', '--port', `${port}`, '--yes', '-o', 'json', '--lock-timeout', '5m'];
  return [...argv, ...more];
};

/** Keeps a call of one run waiting until it is let go. */
function heldAt(action: string, nth = 1) {
  let arrive = (): void => undefined;
  let letGo = (): void => undefined;
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const tamper: Tamper = async (call) => {
    if (call.action !== action || call.nth !== nth) return 'pass';
    arrive();
    await gate;
    return 'pass';
  };
  return { tamper, arrived, letGo };
}

describe('ten operators at once', () => {
  it.each([
    ['on one machine', false],
    ['on ten machines, with --lock', true],
  ])(
    '%s enable ten ports of one load balancer: all ten are on, and every foreign policy is kept',
    async (_where, machines) => {
      await using service = await startService(tenPorts);
      const shared = await temporaryDirectory();
      const runs = await Promise.all(
        ports.map(async (port) =>
          elbProxy(enablePort(port, machines ? ['--lock'] : []), {
            endpoint: service.endpoint,
            stateDirectory: machines ? await temporaryDirectory() : shared,
          }),
        ),
      );
      for (const ran of runs) expect(ran.json()).toMatchObject({ outcome: 'applied' });
      for (const port of ports)
        expect(await service.listOf(port)).toEqual([`auth-${port}`, 'ProxyProtocol-enabled']);
      // One policy, made once: the nine others found it.
      expect((await service.policyNames()).filter((name) => !name.startsWith('auth-'))).toEqual([
        'key',
        'ProxyProtocol-enabled',
      ]);
      if (!machines) expect(await readdir(join(shared, 'locks'))).toEqual([]);
    },
  );
});

describe('on one machine', () => {
  it("the second waits, says for whom, and finds the first one's result", async () => {
    await using service = await startService();
    const stateDirectory = await temporaryDirectory();
    const { tamper, arrived, letGo } = heldAt(set);
    await using relay = await startRelay(service.endpoint, tamper);
    const argv = ['enable', 'web', '--port', '8443', '--yes', '-o', 'json'];
    let pid: number | undefined;
    const first = elbProxy(argv, { ...relay, stateDirectory, onStart: (child) => (pid = child.pid) });
    await arrived;
    let told = (): void => undefined;
    const waiting = new Promise<void>((resolve) => {
      told = resolve;
    });
    const second = elbProxy(argv, {
      endpoint: service.endpoint,
      stateDirectory,
      onStart: (child) => child.stderr?.on('data', told),
    });
    await waiting;
    letGo();
    expect((await first).json()).toMatchObject({ outcome: 'applied' });
    const ran = await second;
    expect(unwrapped(ran.stderr)).toContain(
      `waiting for load balancer web (us-east-1): locked by process ${pid} on `,
    );
    expect(ran.json()).toMatchObject({ outcome: 'unchanged', changeId: null });
    expect(ran.code).toBe(0);
  });

  it('waiting has an end: exit 3, locked, nothing written; another load balancer is not waited for', async () => {
    await using service = await startService({
      loadBalancers: ['web', 'shop'].map((name) => ({
        name,
        listeners: [{ protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 }],
      })),
    });
    const stateDirectory = await temporaryDirectory();
    const { tamper, arrived, letGo } = heldAt(set);
    await using relay = await startRelay(service.endpoint, tamper);
    const first = elbProxy(['enable', 'web', '--port', '8443', '--yes'], { ...relay, stateDirectory });
    await arrived;
    await using watched = await startRelay(service.endpoint);
    const options = { ...watched, stateDirectory };
    const [refused, elsewhere] = await Promise.all([
      elbProxy(
        ['enable', 'web', '--port', '8443', '--yes', '-o', 'json', '--lock-timeout', '300ms'],
        options,
      ),
      elbProxy(['enable', 'shop', '--port', '8443', '--yes', '-o', 'json'], options),
    ]);
    expect(refused.code).toBe(3);
    expect(refused.json()).toMatchObject({ error: { code: 'locked' } });
    expect(refused.json().error.message).toMatch(
      /^load balancer web \(us-east-1\) is locked by process \d+ on .* Nothing was written\.$/,
    );
    expect(elsewhere.json()).toMatchObject({ outcome: 'applied' });
    letGo();
    expect((await first).code).toBe(0);
  });

  it('a name that is given twice, in different letter case, does not wait for its own lock', async () => {
    await using service = await startService();
    const argv = ['enable', 'web', 'WEB', '--port', '8443', '--yes', '-o', 'json', '--lock-timeout', '0ms'];
    const ran = await elbProxy(argv, service);
    // The local service distinguishes names by their letter case, and says that it has no WEB.
    expect(ran.json().error.code).toBe('LoadBalancerNotFound');
  });

  it('a lock that is removed while it is held ends the run before it writes, and is not blamed on a pause alone', async () => {
    await using service = await startService();
    const stateDirectory = await temporaryDirectory();
    await using relay = await startRelay(service.endpoint, async ({ action }) => {
      if (action === 'DescribeLoadBalancerPolicies')
        await rm(join(stateDirectory, 'locks'), { recursive: true, force: true });
      return 'pass';
    });
    const ran = await elbProxy(enablePort(8443, []), { endpoint: relay.endpoint, stateDirectory });
    expect([ran.code, ran.json().error.code]).toEqual([3, 'lock-lost']);
    expect(relay.writes()).toEqual([]);
    expect(unwrapped(ran.stderr)).toContain("suspended for too long or the lock's file was removed");
  });

  it('a killed holder does not block others', async () => {
    await using service = await startService();
    const stateDirectory = await temporaryDirectory();
    const { tamper, arrived } = heldAt(set);
    await using relay = await startRelay(service.endpoint, tamper);
    const argv = ['enable', 'web', '--port', '8443', '--yes', '-o', 'json'];
    let child: ChildProcess | undefined;
    const first = elbProxy(argv, { ...relay, stateDirectory, onStart: (started) => (child = started) });
    await arrived;
    child?.kill('SIGKILL');
    await first;
    expect((await readdir(join(stateDirectory, 'locks'))).some((name) => name.endsWith('.lock'))).toBe(true);
    const began = Date.now();
    const next = await elbProxy(argv, { endpoint: service.endpoint, stateDirectory });
    expect(next.json()).toMatchObject({ outcome: 'applied' });
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(await readdir(join(stateDirectory, 'locks'))).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s while the plan is made releases the lock',
    async (signal) => {
      await using service = await startService();
      const stateDirectory = await temporaryDirectory();
      const { tamper, arrived, letGo } = heldAt('DescribeInstanceHealth');
      await using relay = await startRelay(service.endpoint, tamper);
      const ran = elbProxy(['enable', 'web', '--port', '8443', '--yes', '-o', 'json', '--lock'], {
        ...relay,
        stateDirectory,
        onStart: (child) => void arrived.then(() => child.kill(signal)),
      });
      const { code, json } = await ran;
      letGo();
      expect(await readdir(join(stateDirectory, 'locks'))).toEqual([]);
      expect(code).toBe(130);
      expect(json()).toMatchObject({ error: { code: 'interrupted' } });
      expect(await service.policyNames()).not.toContain('elb-proxy-lock');
    },
  );

  it('Ctrl-C ends the wait for another run at once, and leaves that run its lock', async () => {
    await using service = await startService();
    const stateDirectory = await temporaryDirectory();
    const { tamper, arrived, letGo } = heldAt(set);
    await using relay = await startRelay(service.endpoint, tamper);
    const argv = ['enable', 'web', '--port', '8443', '--yes', '-o', 'json'];
    const first = elbProxy(argv, { ...relay, stateDirectory });
    await arrived;
    const second = await elbProxy(argv, {
      endpoint: service.endpoint,
      stateDirectory,
      onStart: (child) => child.stderr?.on('data', () => child.kill('SIGINT')),
    });
    expect(second.code).toBe(130);
    expect(second.json()).toMatchObject({ error: { code: 'interrupted' } });
    expect((await readdir(join(stateDirectory, 'locks'))).some((name) => name.endsWith('.lock'))).toBe(true);
    letGo();
    expect((await first).json()).toMatchObject({ outcome: 'applied' });
  });

  it('a dry run takes no lock and waits for none', async () => {
    await using service = await startService();
    const stateDirectory = await temporaryDirectory();
    await using relay = await startRelay(service.endpoint);
    const ran = await elbProxyHere(['enable', 'web', '--port', '8443', '--dry-run', '--lock', '-o', 'json'], {
      ...relay,
      stateDirectory,
    });
    expect(ran.code).toBe(0);
    expect(relay.writes()).toEqual([]);
    expect(await readdir(stateDirectory)).toEqual([]);
  });
});

describe('--lock', () => {
  const enable = ['enable', 'web', '--port', '8443', '--yes', '--lock', '-o', 'json'];

  it('is in the API while the run works, attached to nothing, and gone after it', async () => {
    await using service = await startService();
    let seen: unknown;
    await using relay = await startRelay(service.endpoint, async ({ action, nth }) => {
      if (action === set && nth === 1) {
        const policies = await elbProxyHere(['policies', 'web', '-o', 'json'], service);
        seen = policies.json().policies.find(({ name }: { name: string }) => name === 'elb-proxy-lock');
      }
      return 'pass';
    });
    const ran = await elbProxyHere(enable, relay);
    expect(ran.json()).toMatchObject({ outcome: 'applied' });
    expect(seen).toMatchObject({
      type: 'AppCookieStickinessPolicyType',
      attributes: {
        CookieName: expect.stringMatching(/^elb-proxy\.[A-Za-z0-9.-]+\.\d+\.\d{8}T\d{6}Z\.[0-9a-f]{16}$/),
      },
      attachedTo: [],
    });
    expect(relay.writes()).toEqual([create, create, set, 'DeleteLoadBalancerPolicy']);
    expect(await service.policyNames()).not.toContain('elb-proxy-lock');
  });

  it('held by another machine is waited for, refused in the end with who and since when, and broken by unlock', async () => {
    await using service = await startService();
    await lockedBy(service, other);
    await using relay = await startRelay(service.endpoint);
    const refused = await elbProxyHere([...enable, '--lock-timeout', '1500ms'], relay);
    expect(refused.code).toBe(3);
    expect(refused.json()).toMatchObject({
      error: { code: 'locked', hint: expect.stringContaining('elb-proxy unlock web --region us-east-1') },
    });
    expect(refused.json().error.message).toContain(
      'is locked by process 4711 on build-7.example, since 2026-11-23T15:30:12Z (',
    );
    expect(unwrapped(refused.stderr)).toContain(
      'waiting for load balancer web (us-east-1): locked by process 4711',
    );
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);

    const asked = await elbProxyHere(['unlock', 'web', '-o', 'json'], service);
    expect(asked.code).toBe(3);
    expect(asked.json()).toMatchObject({ error: { code: 'not-confirmed' } });
    expect(asked.json().error.message).toContain(
      'process 4711 on build-7.example, since 2026-11-23T15:30:12Z',
    );
    expect(await service.policyNames()).toContain('elb-proxy-lock');

    const unlocked = await elbProxyHere(['unlock', 'web', '--yes', '-o', 'json'], service);
    expect(unlocked.code).toBe(0);
    expect(unlocked.json()).toEqual({
      formatVersion: 1,
      outcome: 'unlocked',
      loadBalancer: { name: 'web', region: 'us-east-1' },
      holder: { host: 'build-7.example', pid: 4711, since: '2026-11-23T15:30:12.000Z' },
    });
    const again = await elbProxyHere(['unlock', 'web', '--yes'], service);
    expect(again).toMatchObject({
      code: 0,
      stdout: 'load balancer web (us-east-1) is not locked, nothing to do\n',
    });
    expect((await elbProxyHere(enable, relay)).json()).toMatchObject({ outcome: 'applied' });
  });

  it('is not taken, and not deleted, if a policy of that name is not a lock', async () => {
    await using service = await startService();
    await lockedBy(service, 'JSESSIONID');
    for (const argv of [enable, ['unlock', 'web', '--yes', '-o', 'json']]) {
      const ran = await elbProxyHere(argv, service);
      expect(ran.code).toBe(3);
      expect(ran.json()).toMatchObject({ error: { code: 'lock-name-taken' } });
    }
    expect(await service.policyNames()).toContain('elb-proxy-lock');
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
  });

  it('is taken off after a failure and a roll back too', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint, async ({ action }) =>
      action === set ? { error: 'AccessDenied', status: 403, message: 'not authorized' } : 'pass',
    );
    const ran = await elbProxyHere(enable, relay);
    expect(ran.code).toBe(1);
    expect(ran.json()).toMatchObject({ outcome: 'rolled-back' });
    expect(await service.policyNames()).not.toContain('elb-proxy-lock');
  });

  it('is still taken, and taken off, if its answers are lost', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint, async ({ action, nth, parameters }) =>
      parameters.get('PolicyName') === 'elb-proxy-lock' && (action === create ? nth === 1 : nth <= 1)
        ? 'cut-after'
        : 'pass',
    );
    const ran = await elbProxyHere(enable, relay);
    expect(ran.json()).toMatchObject({ outcome: 'applied' });
    expect(ran.stderr).toBe('');
    expect(await service.policyNames()).not.toContain('elb-proxy-lock');
  });

  it("is reported with the command if it can't be taken off, and spoils nothing else", async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint, async ({ action }) =>
      action === 'DeleteLoadBalancerPolicy' ? { error: 'AccessDenied', status: 403 } : 'pass',
    );
    const ran = await elbProxy(enable, relay);
    expect(ran.code).toBe(0);
    expect(ran.json()).toMatchObject({ outcome: 'applied' });
    expect(unwrapped(ran.stderr)).toContain('Remove it with: elb-proxy unlock web --region us-east-1');
    const unlocked = await elbProxyHere(['unlock', 'web', '--yes'], service);
    expect(unlocked.stdout).toContain('which is no longer running');
  });

  it('is reported if another run breaks it', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint, async ({ action, nth }) => {
      if (action === set && nth === 1) await elbProxyHere(['unlock', 'web', '--yes'], service);
      return 'pass';
    });
    const ran = await elbProxyHere(enable, relay);
    expect(ran.json()).toMatchObject({ outcome: 'applied' });
    expect(unwrapped(ran.stderr)).toContain('was removed by someone else before the run had ended');
  });

  it('is taken off when a signal comes while the plan is made, or while a step is in flight', async () => {
    for (const [action, nth] of [
      ['DescribeInstanceHealth', 1],
      [set, 1],
    ] as const) {
      await using service = await startService();
      let child: ChildProcess | undefined;
      await using relay = await startRelay(service.endpoint, async (call) => {
        if (call.action === action && call.nth === nth) child?.kill('SIGINT');
        return 'pass';
      });
      const ran = await elbProxy(['enable', 'web', '--port', '8443,9443', '--yes', '--lock', '-o', 'json'], {
        ...relay,
        onStart: (started) => (child = started),
      });
      expect(ran.code).toBe(130);
      expect(ran.json()).toBeTypeOf('object');
      expect(await service.policyNames()).not.toContain('elb-proxy-lock');
    }
  });
});

describe('undo', () => {
  it('puts a change back once if two runs try at once', async () => {
    await using service = await startService();
    const options = { endpoint: service.endpoint, stateDirectory: await temporaryDirectory() };
    await elbProxy(['enable', 'web', '--port', '8443', '--yes'], options);
    const both = await Promise.all([1, 2].map(() => elbProxy(['undo', '--yes', '-o', 'json'], options)));
    const outcomes: string[] = both.map((ran) => ran.json().outcome);
    expect(outcomes.toSorted()).toEqual(['applied', 'unchanged']);
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
    const records = (await readFile(join(options.stateDirectory, 'journal.jsonl'), 'utf8'))
      .trim()
      .split('\n');
    expect(records.filter((line) => line.includes('"record":"begin"'))).toHaveLength(2);
  });
});

describe('one plan file', () => {
  it.each([
    ['one machine', false],
    ['two machines, with --lock', true],
  ])('is carried out once if two on %s apply it at once; the other is refused', async (_where, machines) => {
    await using service = await startService();
    const shared = await temporaryDirectory();
    const file = join(shared, 'plan.json');
    const dry = ['enable', 'web', '--port', '8443,9443', '--dry-run', '--out', file];
    expect(await elbProxy(dry, service)).toMatchObject({ code: 0 });
    const both = await Promise.all(
      [1, 2].map(async () =>
        elbProxy(['apply', file, '--yes', '-o', 'json', ...(machines ? ['--lock'] : [])], {
          endpoint: service.endpoint,
          stateDirectory: machines ? await temporaryDirectory() : shared,
        }),
      ),
    );
    const [applied, refused] = both.toSorted((a, b) => Number(a.code) - Number(b.code));
    expect([applied?.code, refused?.code]).toEqual([0, 3]);
    expect(applied?.json()).toMatchObject({ outcome: 'applied' });
    expect(refused?.json()).toMatchObject({ outcome: 'refused', error: { code: 'stale-plan' } });
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth', 'ProxyProtocol-enabled']);
    expect(await service.listOf(9443)).toEqual(['b-auth', 'ProxyProtocol-enabled']);
    expect(await service.policyNames()).not.toContain('elb-proxy-lock');
  });
});
