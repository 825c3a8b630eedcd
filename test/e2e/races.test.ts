import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startRelay, type Tamper } from '../helpers/relay.js';
import { startService } from '../helpers/service.js';

const set = 'SetLoadBalancerPoliciesForBackendServer';
const create = 'CreateLoadBalancerPolicy';

describe.concurrent('another operator', () => {
  it('who attaches a policy after our plan was read is never overwritten: exit 3, and that policy is still there', async () => {
    await using service = await startService();
    // The fresh read before the first write is the second DescribeLoadBalancers: he is faster by one call.
    await using relay = await startRelay(service.endpoint, async ({ action, nth }) => {
      if (action === 'DescribeLoadBalancers' && nth === 2) await service.setList(9443, ['b-auth', 'z-auth']);
      return 'pass';
    });
    const ran = await elbProxyHere(['enable', 'web', '--port', '9443', '--yes', '-o', 'json'], relay);
    expect(ran.code).toBe(3);
    expect(ran.json()).toMatchObject({ outcome: 'refused', changeId: null, error: { code: 'stale-plan' } });
    expect(ran.json().reason).toContain('instance port 9443 was [b-auth], is [b-auth, z-auth]');
    expect(relay.writes()).toEqual([]);
    expect(await service.listOf(9443)).toEqual(['b-auth', 'z-auth']);
  });

  it('who writes between the policy and the port is seen by the read before the port: what was made is taken back', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint, async ({ action, nth }) => {
      if (action === create && nth === 1) await service.setList(9443, ['z-auth']);
      return 'pass';
    });
    const ran = await elbProxyHere(['enable', 'web', '--port', '9443', '--yes', '-o', 'json'], relay);
    expect(ran.code).toBe(3);
    expect(ran.json()).toMatchObject({ outcome: 'rolled-back', error: { code: 'concurrent-change' } });
    expect(await service.listOf(9443)).toEqual(['z-auth']);
    expect(await service.policyNames()).not.toContain('ProxyProtocol-enabled');
  });

  it.each(['DescribeLoadBalancerPolicies', 'DescribeLoadBalancers'])(
    'who writes before the last %s ahead of our write is not overwritten: the list is what is read last',
    async (read) => {
      await using service = await startService();
      // The first reads are the plan's, the next those before the new policy; the fourth show it, and the port rests on them.
      await using relay = await startRelay(service.endpoint, async ({ action, nth }) => {
        if (action === read && nth === 4) await service.setList(9443, ['b-auth', 'z-auth']);
        return 'pass';
      });
      const ran = await elbProxyHere(['enable', 'web', '--port', '9443', '--yes', '-o', 'json'], relay);
      expect(ran.code).toBe(3);
      expect(relay.writes()).not.toContain(set);
      expect(await service.listOf(9443)).toEqual(['b-auth', 'z-auth']);
    },
  );

  it('who overwrites ours before the read-back is reported, and that list is left alone', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint, async ({ action, nth }) => {
      // The fifth is the read-back of the port.
      if (action === 'DescribeLoadBalancers' && nth === 5) await service.setList(9443, ['z-auth', 'b-auth']);
      return 'pass';
    });
    const ran = await elbProxyHere(
      ['enable', 'web', '--port', '9443', '--yes', '-o', 'json', '--settle-timeout', '2s'],
      relay,
    );
    // Nothing of ours is in his list; but that read could be older than our write.
    expect(ran.code).toBe(5);
    expect(ran.json()).toMatchObject({ outcome: 'partial', error: { code: 'effect-not-known' } });
    expect(await service.listOf(9443)).toEqual(['z-auth', 'b-auth']);
  });

  it('who adds to our list before the read-back keeps that policy; what is still ours is named with the command', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint, async ({ action, nth }) => {
      if (action === 'DescribeLoadBalancers' && nth === 5)
        await service.setList(9443, ['b-auth', 'ProxyProtocol-enabled', 'z-auth']);
      return 'pass';
    });
    const ran = await elbProxyHere(['enable', 'web', '--port', '9443', '--yes', '-o', 'json'], relay);
    expect(ran.code).toBe(5);
    expect(ran.json()).toMatchObject({ outcome: 'partial', error: { code: 'concurrent-change' } });
    expect(ran.json().leftovers[0].command).toContain('elb-proxy');
    expect(await service.listOf(9443)).toEqual(['b-auth', 'ProxyProtocol-enabled', 'z-auth']);
  });

  it('a policy of our name that is created first is not an API error: things have changed', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint, async ({ action, nth }) => {
      if (action === create && nth === 1) await service.createPolicy('ProxyProtocol-enabled', 'false');
      return 'pass';
    });
    const ran = await elbProxyHere(['enable', 'web', '--port', '9443', '--yes', '-o', 'json'], relay);
    expect(ran.code).toBe(3);
    expect(ran.json()).toMatchObject({ outcome: 'refused', error: { code: 'stale-plan' } });
    expect(await service.listOf(9443)).toEqual(['b-auth']);
  });
});

describe.concurrent('a plan file', () => {
  const planned = async (endpoint: string, ports = '8443') => {
    const stateDirectory = await temporaryDirectory();
    const file = `${stateDirectory}/plan.json`;
    const dry = await elbProxyHere(['enable', 'web', '--port', ports, '--dry-run', '--out', file], {
      endpoint,
      stateDirectory,
    });
    expect(dry.code).toBe(0);
    return { file, stateDirectory };
  };

  it('is carried out as it was reviewed', async () => {
    await using service = await startService();
    const { file, stateDirectory } = await planned(service.endpoint);
    const ran = await elbProxyHere(['apply', file, '--yes', '-o', 'json'], {
      endpoint: service.endpoint,
      stateDirectory,
    });
    expect(ran.json()).toMatchObject({ outcome: 'applied' });
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth', 'ProxyProtocol-enabled']);
  });

  it('is refused without a write when a port that it names has moved, also the last of several', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint);
    const { file } = await planned(relay.endpoint, '8443,9443');
    await service.setList(9443, []);
    const ran = await elbProxyHere(['apply', file, '--yes', '-o', 'json'], relay);
    expect(ran.code).toBe(3);
    expect(ran.json()).toMatchObject({ outcome: 'refused', error: { code: 'stale-plan' } });
    expect(relay.writes()).toEqual([]);
  });

  it('is refused when the policy that it attaches was recreated, and now says false', async () => {
    await using service = await startService();
    await service.createPolicy('p');
    await using relay = await startRelay(service.endpoint);
    const { file } = await planned(relay.endpoint);
    await deletePolicy(service.endpoint, 'p');
    await service.createPolicy('p', 'false');
    const ran = await elbProxyHere(['apply', file, '--yes', '-o', 'json'], relay);
    expect(ran.code).toBe(3);
    expect(ran.json()).toMatchObject({ outcome: 'refused', error: { code: 'stale-plan' } });
    expect(ran.json().reason).toContain('policy p was a PROXY policy with ProxyProtocol=true');
    expect(relay.writes()).toEqual([]);
  });

  it('is refused when another load balancer has taken the name', async () => {
    await using service = await startService();
    await using other = await startService();
    let taken = false;
    await using relay = await startRelay(service.endpoint, async ({ parameters }) => {
      if (!taken) return 'pass';
      const answer = await fetch(other.endpoint, { method: 'POST', body: parameters });
      return { status: answer.status, body: await answer.text() };
    });
    const { file } = await planned(relay.endpoint);
    taken = true;
    const ran = await elbProxyHere(['apply', file, '--yes', '-o', 'json'], relay);
    expect(ran.code).toBe(3);
    expect(ran.json().reason).toContain('creation time was');
    expect(relay.writes()).toEqual([]);
  });

  it('may not touch anything but PROXY policies, whatever its origin and its digest', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint);
    const { file } = await planned(relay.endpoint);
    const { planDigest } = await import('../../src/core/digest.js');
    const plan = JSON.parse(await readFile(file, 'utf8'));
    plan.changes[0].steps[1].after = ['ProxyProtocol-enabled'];
    plan.digest = planDigest(plan);
    await writeFile(file, JSON.stringify(plan));
    const ran = await elbProxyHere(['apply', file, '--yes', '-o', 'json'], relay);
    expect(ran.code).toBe(3);
    expect(ran.json()).toMatchObject({ outcome: 'refused', error: { code: 'plan-out-of-scope' } });
    expect(relay.writes()).toEqual([]);
  });

  it('does not get past a blocker by calling itself a disable', async () => {
    await using service = await startService({
      loadBalancers: [
        {
          name: 'web',
          listeners: [{ protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 }],
          healthCheck: { target: 'HTTP:8443/health' },
        },
      ],
    });
    await using relay = await startRelay(service.endpoint);
    const { file } = await planned(relay.endpoint);
    const { planDigest } = await import('../../src/core/digest.js');
    const plan = JSON.parse(await readFile(file, 'utf8'));
    plan.action = 'disable';
    plan.digest = planDigest(plan);
    await writeFile(file, JSON.stringify(plan));
    const ran = await elbProxyHere(['apply', file, '--yes', '-o', 'json'], relay);
    expect(ran.code).toBe(1);
    expect(ran.json().error).toMatchObject({
      code: 'invalid-plan',
      message: expect.stringContaining('creates policy ProxyProtocol-enabled, and action is disable'),
    });
    expect(relay.writes()).toEqual([]);
  });

  it('is refused by what the policies mean if it calls itself an enable and switches off', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint);
    await elbProxyHere(['enable', 'web', '--port', '8443', '--yes'], service);
    const file = join(await temporaryDirectory(), 'plan.json');
    await elbProxyHere(['disable', 'web', '--port', '8443', '--dry-run', '--out', file], relay);
    const { planDigest } = await import('../../src/core/digest.js');
    const plan = JSON.parse(await readFile(file, 'utf8'));
    plan.action = 'enable';
    plan.digest = planDigest(plan);
    await writeFile(file, JSON.stringify(plan));
    const ran = await elbProxyHere(['apply', file, '--yes', '-o', 'json'], relay);
    expect(ran.code).toBe(3);
    expect(ran.json()).toMatchObject({
      outcome: 'refused',
      error: {
        code: 'plan-out-of-scope',
        message: expect.stringContaining(
          'the plan says enable, but would leave instance port 8443 without a PROXY policy',
        ),
      },
    });
    expect(relay.writes()).toEqual([]);
  });
});

describe.concurrent('a failure half-way', () => {
  const secondPortDenied: Tamper = async ({ action, nth }) =>
    action === set && nth === 2 ? { error: 'AccessDenied', status: 403, message: 'not authorized' } : 'pass';

  it('is undone: the second of two ports refused with AccessDenied puts the first back, exit 1', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint, secondPortDenied);
    const ran = await elbProxyHere(['enable', 'web', '--port', '8443,9443', '--yes', '-o', 'json'], relay);
    expect(ran.code).toBe(1);
    expect(ran.json()).toMatchObject({
      outcome: 'rolled-back',
      error: { code: 'AccessDenied', requestId: 'relay' },
    });
    expect(ran.json().changes[0].steps.map((step: { outcome: string }) => step.outcome)).toEqual([
      'rolled-back',
      'rolled-back',
      'failed',
    ]);
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
    expect(await service.listOf(9443)).toEqual(['b-auth']);
    expect(await service.policyNames()).not.toContain('ProxyProtocol-enabled');
  });

  it('stays with --no-rollback: exit 5, and undo puts it back', async () => {
    await using service = await startService();
    const stateDirectory = await temporaryDirectory();
    await using relay = await startRelay(service.endpoint, secondPortDenied);
    const ran = await elbProxyHere(
      ['enable', 'web', '--port', '8443,9443', '--yes', '--no-rollback', '-o', 'json'],
      { ...relay, stateDirectory },
    );
    expect(ran.code).toBe(5);
    expect(ran.json()).toMatchObject({ outcome: 'partial' });
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth', 'ProxyProtocol-enabled']);
    const undone = await elbProxyHere(['undo', '--yes'], { ...relay, stateDirectory });
    expect(undone.code).toBe(0);
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
  });

  it('leaves a policy that may not be deleted, says so, and is not partial', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint, async ({ action }) =>
      action === set || action === 'DeleteLoadBalancerPolicy'
        ? { error: 'AccessDenied', status: 403 }
        : 'pass',
    );
    const ran = await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], relay);
    expect(ran.code).toBe(1);
    expect(ran.json()).toMatchObject({ outcome: 'rolled-back', leftovers: [{ harmless: true }] });
    expect(ran.json().leftovers[0].command).toBe(
      `aws elb delete-load-balancer-policy --region us-east-1 --endpoint-url ${relay.endpoint} --load-balancer-name web --policy-name ProxyProtocol-enabled`,
    );
  });
});

describe.concurrent('a broken line', () => {
  it('has a write that was not carried out tried again, after reading that it did not happen', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint, async ({ action, nth }) =>
      action === set && nth === 1 ? 'cut-before' : 'pass',
    );
    const ran = await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], relay);
    expect(ran.json()).toMatchObject({ outcome: 'applied' });
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth', 'ProxyProtocol-enabled']);
  });

  it('does not have a write that was carried out sent twice: reading again shows it', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint, async ({ action, nth }) =>
      nth === 1 && (action === set || action === create) ? 'cut-after' : 'pass',
    );
    const ran = await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], relay);
    expect(ran.json()).toMatchObject({ outcome: 'applied' });
    expect(relay.writes()).toEqual([create, set]);
  });

  it('and another writer in the same moment: the other list wins, which is said', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint, async ({ action, nth }) => {
      if (action !== set || nth !== 1) return 'pass';
      await service.setList(9443, ['z-auth']);
      return 'cut-before';
    });
    const ran = await elbProxyHere(
      ['enable', 'web', '--port', '9443', '--yes', '-o', 'json', '--settle-timeout', '2s'],
      relay,
    );
    // Whether the write whose answer was lost came before his is not known.
    expect(ran.code).toBe(5);
    expect(ran.json().changes[0].steps[1].outcome).toBe('unknown');
    expect(await service.listOf(9443)).toEqual(['z-auth']);
    expect(relay.writes().filter((action) => action === set)).toHaveLength(1);
  });

  it('leaves the report without a claim to know if it never recovers after a write, and undo restores', async () => {
    await using service = await startService();
    const stateDirectory = await temporaryDirectory();
    let [dead, healed] = [false, false];
    await using relay = await startRelay(service.endpoint, async ({ action }) => {
      if (healed) return 'pass';
      if (dead) return 'cut-before';
      dead = action === set;
      return dead ? 'cut-after' : 'pass';
    });
    const ran = await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], {
      ...relay,
      stateDirectory,
      env: { AWS_MAX_ATTEMPTS: '1' },
    });
    expect(ran.code).toBe(5);
    expect(ran.json()).toMatchObject({ outcome: 'partial' });
    expect(ran.json().changes[0].steps[1].outcome).toBe('unknown');
    healed = true;
    const undone = await elbProxyHere(['undo', '--yes'], { ...relay, stateDirectory });
    expect(undone.code).toBe(0);
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
    expect(await service.policyNames()).not.toContain('ProxyProtocol-enabled');
  });
});

describe.concurrent('a throttling service', () => {
  it('is survived three times in a row, by reads and by writes', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint, async ({ action, nth }) =>
      nth <= 3 && (action === set || action === 'DescribeLoadBalancers')
        ? { error: 'Throttling', message: 'Rate exceeded' }
        : 'pass',
    );
    const ran = await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], relay);
    expect(ran.json()).toMatchObject({ outcome: 'applied' });
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth', 'ProxyProtocol-enabled']);
  });

  it('is not asked more often than AWS_MAX_ATTEMPTS says, also by writes: what was done is put back', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint, async ({ action }) =>
      action === set ? { error: 'Throttling', message: 'Rate exceeded' } : 'pass',
    );
    const ran = await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], {
      ...relay,
      env: { AWS_MAX_ATTEMPTS: '1' },
    });
    expect(ran.code).toBe(1);
    expect(ran.json()).toMatchObject({ outcome: 'rolled-back', error: { code: 'Throttling' } });
    expect(relay.writes()).toEqual([create, set, 'DeleteLoadBalancerPolicy']);
  });

  it('does not keep a change half-way for AWS_MAX_ATTEMPTS: what is put back is tried as often as without', async () => {
    await using service = await startService();
    const refusals = new Map([
      [set, 3],
      ['DescribeLoadBalancers', 1],
      ['DescribeLoadBalancerPolicies', 1],
    ]);
    let back = false;
    await using relay = await startRelay(service.endpoint, async ({ action, parameters }) => {
      if (parameters.get('InstancePort') === '9443') {
        back = true;
        return { error: 'AccessDenied', status: 403 };
      }
      const left = back ? (refusals.get(action) ?? 0) : 0;
      if (left === 0) return 'pass';
      refusals.set(action, left - 1);
      return { error: 'Throttling', message: 'Rate exceeded' };
    });
    const ran = await elbProxyHere(['enable', 'web', '--port', '8443,9443', '--yes', '-o', 'json'], {
      ...relay,
      env: { AWS_MAX_ATTEMPTS: '1' },
    });
    expect([...refusals.values()]).toEqual([0, 0, 0]);
    expect(ran.json()).toMatchObject({
      outcome: 'rolled-back',
      leftovers: [],
      error: { code: 'AccessDenied' },
    });
    expect(ran.code).toBe(1);
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
    expect(await service.policyNames()).not.toContain('ProxyProtocol-enabled');
  });

  it('is read again while it shows the old list, until it shows the new one', async () => {
    await using service = await startService();
    let stale = 0;
    await using relay = await startRelay(service.endpoint, async ({ action, nth }) => {
      if (action !== 'DescribeLoadBalancers' || nth < 5 || stale >= 3) return 'pass';
      stale++;
      const answer = await fetch(service.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'Action=DescribeLoadBalancers&Version=2012-06-01&LoadBalancerNames.member.1=web',
      });
      return {
        status: 200,
        body: (await answer.text())
          .replace(
            '<member>ProxyProtocol-enabled</member></PolicyNames><InstancePort>8443',
            '</PolicyNames><InstancePort>8443',
          )
          .replace(
            /(<InstancePort>8443<\/InstancePort><PolicyNames>(?:<member>[a-z-]+<\/member>)*)<member>ProxyProtocol-enabled<\/member>/,
            '$1',
          ),
      };
    });
    const ran = await elbProxyHere(['enable', 'web', '--port', '8443', '--yes', '-o', 'json'], relay);
    expect(stale).toBe(3);
    expect(ran.json()).toMatchObject({ outcome: 'applied' });
    expect(relay.writes()).toEqual([create, set]);
  });
});

describe.concurrent('a service that lists policies and does not describe them', () => {
  const nothing =
    '<DescribeLoadBalancerPoliciesResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/"><DescribeLoadBalancerPoliciesResult><PolicyDescriptions/></DescribeLoadBalancerPoliciesResult></DescribeLoadBalancerPoliciesResponse>';

  it.each([
    ['none of them', { status: 200, body: nothing }],
    ['one that it says is not there', { error: 'PolicyNotFound' }],
  ] as const)('loses none of them: %s', async (_what, answer) => {
    await using service = await startService();
    await service.createPolicy('p');
    await service.setList(9443, ['b-auth', 'p']);
    await using relay = await startRelay(service.endpoint, async ({ action }) =>
      action === 'DescribeLoadBalancerPolicies' ? answer : 'pass',
    );
    const change = (verb: string) =>
      elbProxyHere([verb, 'web', '--port', '9443', '--yes', '-o', 'json', '--settle-timeout', '2s'], relay);
    const [on, off] = [await change('enable'), await change('disable')];
    // What is on the port may be what switches it on or off: neither is claimed.
    for (const ran of [on, off]) {
      expect(ran.code).toBe(1);
      expect(ran.json().error.code).toMatch(/^(?:incomplete-answer|PolicyNotFound)$/);
    }
    expect(relay.writes()).toEqual([]);
    expect(await service.listOf(9443)).toEqual(['b-auth', 'p']);
    const told = off.stderr.replaceAll(/\s+/g, ' ');
    expect(told).toMatch(/does not say what z-auth, b-auth, p on load balancer web|\(PolicyNotFound\)/);
    expect(await service.policyNames()).toContain('p');
  });
});

async function deletePolicy(endpoint: string, policyName: string): Promise<void> {
  const form = new URLSearchParams({
    Action: 'DeleteLoadBalancerPolicy',
    Version: '2012-06-01',
    LoadBalancerName: 'web',
    PolicyName: policyName,
  });
  expect((await fetch(endpoint, { method: 'POST', body: form })).status).toBe(200);
}
