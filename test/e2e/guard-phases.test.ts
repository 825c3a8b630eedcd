import type { ChildProcess } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startFakeCloudWatch } from '../helpers/fake-cloudwatch.js';
import { type Guarded, pause, startGuarded } from '../helpers/guarded.js';
import { startRelay } from '../helpers/relay.js';

const signals = ['SIGINT', 'SIGHUP'] as const;
const guards = ['tcp', 'http:/', 'health', 'alarm:errors'] as const;

/** Everything that a run needs, and hands on the process. */
async function run(
  web: Guarded,
  guard: readonly string[],
  endpoint = web.service.endpoint,
  cloudWatch = endpoint,
) {
  const stateDirectory = await temporaryDirectory();
  let child: ChildProcess | undefined;
  const ran = elbProxy(
    [
      'enable',
      'web',
      '--port',
      String(web.port),
      ...guard.flatMap((one) => ['--guard', one]),
      '--guard-hold',
      '60s',
      '--guard-window',
      '60s',
      '--yes',
      '-o',
      'json',
    ],
    {
      endpoint,
      stateDirectory,
      env: { AWS_ENDPOINT_URL_CLOUDWATCH: cloudWatch },
      onStart: (started) => {
        child = started;
      },
    },
  );
  return {
    ran,
    kill: (signal: NodeJS.Signals) => child?.kill(signal),
    outcomes: async () => {
      const past = await elbProxyHere(['history', '-o', 'json'], { stateDirectory });
      return past.json().changes.map(({ outcome }: { outcome: string }) => outcome);
    },
  };
}

const alarms = [{ name: 'errors' }];

describe.concurrent.each(signals)('%s', (signal) => {
  it.each(guards)(
    'takes the change back while %s holds: nothing is left that was not seen to hold',
    async (guard) => {
      await using web = await startGuarded('accepts', { alarms });
      const { ran, kill, outcomes } = await run(web, [guard]);
      await web.once('on');
      await pause(700);
      kill(signal);
      const { code, json } = await ran;
      expect(code).toBe(130);
      expect(json()).toMatchObject({ outcome: 'rolled-back', error: { code: 'interrupted' }, leftovers: [] });
      expect(web.isOn()).toBe(false);
      expect(await outcomes()).toEqual(['rolled-back']);
    },
  );

  it('takes the change back while one guard fails and others pass, and says which one failed', async () => {
    await using web = await startGuarded('plain', { alarms });
    const { ran, kill } = await run(web, ['tcp', 'http:/', 'alarm:errors']);
    // Both tcp's and http's looks reach it: in the third round, the first has been counted.
    await web.refused(6);
    kill(signal);
    const { code, json } = await ran;
    expect(code).toBe(130);
    expect(json().error.message).toContain('interrupted while the guard http:/ at');
    expect(web.isOn()).toBe(false);
  });

  it('ends the run at once while the first look waits for an answer, and nothing was written', async () => {
    await using web = await startGuarded('accepts');
    await using relay = await startRelay(web.service.endpoint);
    await using cloudWatch = await startFakeCloudWatch('silence');
    const { ran, kill } = await run(web, ['alarm:errors'], relay.endpoint, cloudWatch.endpoint);
    while (cloudWatch.asked.length === 0) await pause(20);
    const began = performance.now();
    kill(signal);
    const { code, json } = await ran;
    expect(performance.now() - began).toBeLessThan(8000);
    expect(code).toBe(130);
    expect(json()).toMatchObject({ outcome: 'unchanged', changeId: null });
    expect(relay.writes()).toEqual([]);
  });

  it('takes the change back while a later look waits for an answer, without waiting for it', async () => {
    await using web = await startGuarded('accepts');
    await using cloudWatch = await startFakeCloudWatch();
    const { ran, kill } = await run(web, ['alarm:errors'], web.service.endpoint, cloudWatch.endpoint);
    await web.once('on');
    cloudWatch.answer = 'silence';
    const asked = cloudWatch.asked.length;
    while (cloudWatch.asked.length <= asked) await pause(20);
    const began = performance.now();
    kill(signal);
    await web.once('off');
    expect(performance.now() - began).toBeLessThan(8000);
    expect(await ran).toMatchObject({ code: 130 });
  });

  it('does not stop the way back: exit 4, and nothing is left', async () => {
    await using web = await startGuarded('accepts', { alarms });
    let child: (() => void) | undefined;
    await using relay = await startRelay(web.service.endpoint, async ({ action, nth }) => {
      if (action === 'SetLoadBalancerPoliciesForBackendServer' && nth === 2) child?.();
      return 'pass';
    });
    await using cloudWatch = await startFakeCloudWatch();
    const { ran, kill, outcomes } = await run(web, ['alarm:errors'], relay.endpoint, cloudWatch.endpoint);
    child = () => void kill(signal);
    await web.once('on');
    cloudWatch.answer = { alarms: [{ name: 'errors', state: 'ALARM' }] };
    const { code, json } = await ran;
    expect(code).toBe(4);
    expect(json()).toMatchObject({ outcome: 'rolled-back', error: { code: 'guard-failed' } });
    expect(web.isOn()).toBe(false);
    expect(await outcomes()).toEqual(['rolled-back']);
  });

  it('changes nothing while the guard looks once more after the way back', async () => {
    await using web = await startGuarded('accepts', { alarms });
    await using cloudWatch = await startFakeCloudWatch();
    const { ran, kill, outcomes } = await run(
      web,
      ['alarm:errors'],
      web.service.endpoint,
      cloudWatch.endpoint,
    );
    await web.once('on');
    cloudWatch.answer = { alarms: [{ name: 'errors', state: 'ALARM' }] };
    await web.once('off');
    cloudWatch.answer = 'silence';
    const began = performance.now();
    kill(signal);
    const { code, json } = await ran;
    expect(performance.now() - began).toBeLessThan(8000);
    expect(code).toBe(4);
    expect(json()).toMatchObject({ outcome: 'rolled-back' });
    expect(await outcomes()).toEqual(['rolled-back']);
  });
});

describe.concurrent('SIGKILL in mid-hold', () => {
  it.each(['health', 'alarm:errors'])(
    'leaves %s known to the next run, and undo takes it back',
    async (guard) => {
      await using web = await startGuarded('accepts', { alarms });
      const stateDirectory = await temporaryDirectory();
      const { endpoint } = web.service;
      const env = { AWS_ENDPOINT_URL_CLOUDWATCH: endpoint };
      const killed = await elbProxy(
        ['enable', 'web', '--port', String(web.port), '--guard', guard, '--guard-hold', '60s', '--yes'],
        {
          endpoint,
          env,
          stateDirectory,
          onStart: (child) => void web.once('on').then(() => setTimeout(() => child.kill('SIGKILL'), 500)),
        },
      );
      expect(killed.signal).toBe('SIGKILL');
      expect((await elbProxyHere(['status', 'web'], { endpoint, stateDirectory })).stderr).toContain(
        'cut off',
      );
      expect((await elbProxyHere(['undo', '--yes'], { endpoint, stateDirectory })).code).toBe(0);
      expect(web.isOn()).toBe(false);
    },
  );
});
