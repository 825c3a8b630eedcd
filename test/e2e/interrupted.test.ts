import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { asIfMadeAt } from '../helpers/as-if-made-at.js';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { startRelay, type Tamper } from '../helpers/relay.js';
import { startService } from '../helpers/service.js';

/** Sends a signal to the program while a call is on its way, and lets the call go on. */
function signalAt(action: string, nth: number, signal: NodeJS.Signals) {
  let child: ChildProcess | undefined;
  const tamper: Tamper = async (call) => {
    if (call.action === action && call.nth === nth) {
      child?.kill(signal);
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
    }
    return 'pass';
  };
  const onStart = (started: ChildProcess): void => {
    child = started;
  };
  return { tamper, onStart };
}

const set = 'SetLoadBalancerPoliciesForBackendServer';
const enableBoth = ['enable', 'web', '--port', '8443,9443', '--yes', '-o', 'json'];

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  it('lets a step in flight finish and be recorded, then stops the run: exit 130, and undo restores', async () => {
    await using service = await startService();
    const stateDirectory = await temporaryDirectory();
    const { tamper, onStart } = signalAt(set, 1, signal);
    await using relay = await startRelay(service.endpoint, tamper);
    const ran = await elbProxy(enableBoth, { ...relay, stateDirectory, onStart });
    expect(ran.code).toBe(130);
    expect(ran.json()).toMatchObject({ outcome: 'partial', error: { code: 'interrupted' } });
    expect(ran.json().changes[0].steps.map((step: { outcome: string }) => step.outcome)).toEqual([
      'done',
      'done',
      'not-run',
    ]);
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth', 'ProxyProtocol-enabled']);
    expect(await service.listOf(9443)).toEqual(['b-auth']);
    expect((await readFile(`${stateDirectory}/journal.jsonl`, 'utf8')).trim().split('\n').at(-1)).toContain(
      '"outcome":"partial"',
    );
    await asIfMadeAt(stateDirectory, relay, service);
    const undone = await elbProxyHere(['undo', '--yes'], { endpoint: service.endpoint, stateDirectory });
    expect(undone.code).toBe(0);
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
  });

  it('is exit 130 even while the last step is in flight, and the report says that the change is complete', async () => {
    await using service = await startService();
    const stateDirectory = await temporaryDirectory();
    const { tamper, onStart } = signalAt(set, 1, signal);
    await using relay = await startRelay(service.endpoint, tamper);
    const enableOne = ['enable', 'web', '--port', '8443', '--yes', '-o', 'json'];
    const ran = await elbProxy(enableOne, { ...relay, stateDirectory, onStart });
    expect(ran.code).toBe(130);
    expect(ran.json()).toMatchObject({ outcome: 'applied', error: { code: 'interrupted' }, leftovers: [] });
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth', 'ProxyProtocol-enabled']);
    const past = await elbProxyHere(['history', '-o', 'json'], { stateDirectory });
    expect(past.json().changes).toMatchObject([{ outcome: 'applied' }]);
  });

  it('ends the run at once before anything was written: exit 130, one document, nothing changed', async () => {
    await using service = await startService();
    const { tamper, onStart } = signalAt('DescribeInstanceHealth', 1, signal);
    await using relay = await startRelay(service.endpoint, tamper);
    const ran = await elbProxy(enableBoth, { ...relay, onStart });
    expect(ran.code).toBe(130);
    expect(ran.json().error).toMatchObject({ code: 'interrupted' });
    expect(relay.writes()).toEqual([]);
  });
});

describe('SIGKILL', () => {
  it.each([
    ['CreateLoadBalancerPolicy', 1],
    [set, 1],
    [set, 2],
  ])(
    'during %s number %i: the next command says what was in flight, and undo restores exactly',
    async (action, nth) => {
      await using service = await startService();
      const stateDirectory = await temporaryDirectory();
      const { tamper, onStart } = signalAt(action, nth, 'SIGKILL');
      await using relay = await startRelay(service.endpoint, tamper);
      const killed = await elbProxy(enableBoth, { ...relay, stateDirectory, onStart });
      expect(killed.signal).toBe('SIGKILL');
      await asIfMadeAt(stateDirectory, relay, service);
      const options = { endpoint: service.endpoint, stateDirectory };

      const next = await elbProxyHere(['status', 'web'], options);
      expect(next.code).toBe(0);
      expect(next.stderr.replaceAll(/\s+/g, ' ')).toMatch(
        /change \S+ \(enable web 8443,9443 on endpoint \S+, begun .*cut off.*elb-proxy undo/,
      );
      const past = await elbProxyHere(['history', '-o', 'json'], options);
      expect(past.json().changes).toMatchObject([{ action: 'enable', outcome: 'interrupted' }]);

      const undone = await elbProxyHere(['undo', '--yes'], options);
      expect(undone).toMatchObject({ code: 0 });
      expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
      expect(await service.listOf(9443)).toEqual(['b-auth']);
      expect(await service.policyNames()).not.toContain('ProxyProtocol-enabled');
      const quiet = await elbProxyHere(['status', 'web'], options);
      expect(quiet.stderr).toBe('');
    },
  );

  it('and running it again instead completes the change', async () => {
    await using service = await startService();
    const stateDirectory = await temporaryDirectory();
    const { tamper, onStart } = signalAt(set, 1, 'SIGKILL');
    await using relay = await startRelay(service.endpoint, tamper);
    await elbProxy(enableBoth, { ...relay, stateDirectory, onStart });
    const again = await elbProxyHere(enableBoth, { endpoint: service.endpoint, stateDirectory });
    expect(again.json()).toMatchObject({ outcome: 'applied' });
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth', 'ProxyProtocol-enabled']);
    expect(await service.listOf(9443)).toEqual(['b-auth', 'ProxyProtocol-enabled']);
  });
});
