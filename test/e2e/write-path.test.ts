import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startRelay, type Tamper } from '../helpers/relay.js';
import { type Service, startService } from '../helpers/service.js';

// What other operators, the machine and the service can do around one write: see also races.test.ts and
// interrupted.test.ts.

const set = 'SetLoadBalancerPoliciesForBackendServer';
const lists = 'DescribeLoadBalancers';
const enable = (ports: string) => ['enable', 'web', '--port', ports, '--yes', '-o', 'json'];

/** A process that is seen as soon as it runs. */
function running() {
  let child: ChildProcess | undefined;
  return {
    onStart: (started: ChildProcess): void => {
      child = started;
    },
    signal: (name: NodeJS.Signals): void => {
      child?.kill(name);
    },
  };
}

/** Posts one call to the service, as another operator. */
async function call(service: Service, fields: Readonly<Record<string, string>>): Promise<void> {
  const form = new URLSearchParams({ Version: '2012-06-01', LoadBalancerName: 'web', ...fields });
  expect((await fetch(service.endpoint, { method: 'POST', body: form })).status).toBe(200);
}

describe('a process that is suspended', () => {
  it("reads again if its last read was answered meanwhile, and another operator's policy is kept", async () => {
    await using service = await startService();
    await service.createPolicy('p');
    const process = running();
    let stopped = 0;
    await using relay = await startRelay(service.endpoint, async ({ action, nth }) => {
      // The first is for the plan, the second before anything is begun, the third is what the write rests on.
      if (action !== lists || nth !== 3) return 'pass';
      stopped++;
      process.signal('SIGSTOP');
      const wake = async () => {
        await sleep(2500);
        await service.setList(8443, ['z-auth']);
        process.signal('SIGCONT');
      };
      void wake();
      return 'pass';
    });
    const ran = await elbProxy(enable('8443'), { ...relay, onStart: process.onStart });
    expect(stopped).toBe(1);
    expect([ran.code, ran.json().error.code]).toEqual([3, 'stale-plan']);
    expect(relay.writes()).toEqual([]);
    expect(await service.listOf(8443)).toEqual(['z-auth']);
  });
});

describe('what a policy means', () => {
  it('is read back: one that is made again with false around the write does not count as applied', async () => {
    await using service = await startService();
    await service.createPolicy('p');
    await using relay = await startRelay(service.endpoint, async ({ action, nth }) => {
      if (action === set && nth === 1) {
        await call(service, { Action: 'DeleteLoadBalancerPolicy', PolicyName: 'p' });
        await service.createPolicy('p', 'false');
      }
      return 'pass';
    });
    const ran = await elbProxyHere([...enable('8443'), '--settle-timeout', '2s'], relay);
    expect(ran.code).not.toBe(0);
    expect(ran.json().outcome).not.toBe('applied');
    expect(ran.json().reason).toContain('p was recreated with another meaning');
    const status = await elbProxyHere(['status', 'web', '-o', 'json'], service);
    expect(status.json().loadBalancers[0].instancePorts[0].proxyProtocol).toBe('disabled');
  });
});

describe('the list of a port that is done', () => {
  it("and that another operator changes before the next port's write is seen in the end, and kept", async () => {
    await using service = await startService();
    await service.createPolicy('p');
    await using relay = await startRelay(service.endpoint, async ({ action, nth }) => {
      // The second write rests on what was read behind the first.
      if (action === set && nth === 2) await service.setList(8443, ['z-auth']);
      return 'pass';
    });
    const ran = await elbProxyHere([...enable('8443,9443'), '--settle-timeout', '2s'], relay);
    expect(relay.writes().filter((action) => action === set).length).toBeGreaterThanOrEqual(2);
    expect(ran.code).toBe(5);
    expect(ran.json().outcome).not.toBe('applied');
    expect(ran.json().reason).toContain('instance port 8443');
    expect(await service.listOf(8443)).toEqual(['z-auth']);
  });
});

describe('a listener that was added to the port between plan and apply', () => {
  it('is said, and nothing is written', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint);
    const file = `${await temporaryDirectory()}/plan.json`;
    await elbProxyHere(['enable', 'web', '--port', '8443', '--dry-run', '--out', file], relay);
    await call(service, {
      Action: 'CreateLoadBalancerListeners',
      'Listeners.member.1.Protocol': 'TCP',
      'Listeners.member.1.LoadBalancerPort': '9999',
      'Listeners.member.1.InstancePort': '8443',
    });
    const ran = await elbProxyHere(['apply', file, '--yes', '-o', 'json'], relay);
    expect([ran.code, ran.json().error.code]).toEqual([3, 'stale-plan']);
    expect(ran.json().reason).toMatch(/listeners of instance port 8443 was TCP 443 .*TCP 9999/);
    expect(relay.writes()).toEqual([]);
  });
});

describe('a service that lists policies in an order of its own', () => {
  it('is believed: changes are applied, rolled back and undone', async () => {
    await using service = await startService();
    const sorted = (body: string) =>
      body.replaceAll(/(?<=<PolicyNames>)(?:<member>[^<]*<\/member>)+/g, (members) =>
        (members.match(/<member>[^<]*<\/member>/g) ?? []).toSorted().join(''),
      );
    let deny = false;
    await using relay = await startRelay(service.endpoint, async ({ action, parameters }) => {
      if (deny && action === set && parameters.get('InstancePort') === '9443')
        return { error: 'AccessDenied', status: 403 };
      if (action !== lists) return 'pass';
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await fetch(service.endpoint, { method: 'POST', headers, body: parameters.toString() });
      return { status: answer.status, body: sorted(await answer.text()) };
    });
    const run = { ...relay, stateDirectory: await temporaryDirectory() };
    deny = true;
    const denied = await elbProxyHere(enable('8443,9443'), run);
    expect([denied.code, denied.json().outcome]).toEqual([1, 'rolled-back']);
    deny = false;
    const applied = await elbProxyHere(enable('8443'), run);
    expect([applied.code, applied.json().outcome]).toEqual([0, 'applied']);
    expect((await service.listOf(8443)).toSorted()).toEqual(['ProxyProtocol-enabled', 'b-auth', 'z-auth']);
    const undone = await elbProxyHere(['undo', '--yes', '-o', 'json'], run);
    expect([undone.code, undone.json().outcome]).toEqual([0, 'applied']);
    expect((await service.listOf(8443)).toSorted()).toEqual(['b-auth', 'z-auth']);
  });
});

describe('a call that is not answered', () => {
  it('is said while it is waited for, also if stderr is not a terminal', async () => {
    await using service = await startService();
    await service.createPolicy('p');
    await using relay = await startRelay(service.endpoint, async ({ action }) => {
      if (action === set) await sleep(6000);
      return 'pass';
    });
    const ran = await elbProxyHere(enable('8443'), relay);
    expect(ran.json().outcome).toBe('applied');
    expect(ran.stderr.replaceAll(/\s+/g, ' ')).toMatch(/web \(us-east-1\): no answer for 5 s/);
  });

  it('does not keep a second Ctrl-C from printing one document', async () => {
    await using service = await startService();
    await service.createPolicy('p');
    const process = running();
    const stateDirectory = await temporaryDirectory();
    const tamper: Tamper = async ({ action }) => {
      if (action !== set) return 'pass';
      process.signal('SIGINT');
      await sleep(300);
      process.signal('SIGINT');
      await sleep(300);
      return 'pass';
    };
    await using relay = await startRelay(service.endpoint, tamper);
    const ran = await elbProxy(enable('8443'), { ...relay, stateDirectory, onStart: process.onStart });
    expect([ran.code, ran.json().error.code]).toEqual([130, 'interrupted']);
    expect(await readFile(`${stateDirectory}/journal.jsonl`, 'utf8')).not.toContain('"record":"end"');
  });
});
