import type { ChildProcess } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { startRelay } from '../helpers/relay.js';
import { startService } from '../helpers/service.js';

const set = 'SetLoadBalancerPoliciesForBackendServer';

/** What a guard connects to, and is always well. */
async function startTarget() {
  const server = createServer((socket) => void socket.on('error', () => undefined).resume());
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

/** Enables one port under guard and sends a signal while the write is in flight; later writes are as `later` says. */
async function interruptedRun(
  signal: NodeJS.Signals,
  later: 'pass' | 'denied',
  more: readonly string[] = [],
) {
  const service = await startService();
  await using target = await startTarget();
  let child: ChildProcess | undefined;
  await using relay = await startRelay(service.endpoint, async ({ action, nth }) => {
    if (action !== set) return 'pass';
    if (nth > 1) return later === 'pass' ? 'pass' : { error: 'AccessDenied', status: 403 };
    child?.kill(signal);
    await sleep(100);
    return 'pass';
  });
  const stateDirectory = await temporaryDirectory();
  const guard = [
    '--guard',
    'tcp',
    '--guard-target',
    target.address,
    '--guard-hold',
    '1s',
    '--settle-timeout',
    '2s',
  ];
  const ran = await elbProxy(['enable', 'web', '--port', '8443', '--yes', '-o', 'json', ...guard, ...more], {
    ...relay,
    stateDirectory,
    onStart: (started) => {
      child = started;
    },
  });
  return { ran, service, stateDirectory };
}

describe.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s while a write is in flight under guard',
  (signal) => {
    it('has the change taken back, as no guard has seen it pass: exit 130', async () => {
      const { ran, service } = await interruptedRun(signal, 'pass');
      await using _service = service;
      expect(ran.code).toBe(130);
      expect(ran.json()).toMatchObject({
        outcome: 'rolled-back',
        error: { code: 'interrupted' },
        leftovers: [],
      });
      expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
      expect(await service.policyNames()).not.toContain('ProxyProtocol-enabled');
    });

    it("that can't be taken back is exit 5, not 130, with the command", async () => {
      const { ran, service, stateDirectory } = await interruptedRun(signal, 'denied');
      await using _service = service;
      expect(ran.code).toBe(5);
      const report = ran.json();
      expect(report).toMatchObject({ outcome: 'partial', error: { code: 'interrupted' } });
      expect(report.leftovers[0].command).toContain(`elb-proxy undo ${report.changeId}`);
      expect(await service.listOf(8443)).toContain('ProxyProtocol-enabled');
      const past = await elbProxy(['history', '-o', 'json'], { stateDirectory });
      expect(past.json().changes).toMatchObject([{ outcome: 'partial' }]);
    });
  },
);

it('interrupted under guard with --no-rollback leaves what was done, and says so: exit 5', async () => {
  const { ran, service } = await interruptedRun('SIGINT', 'pass', ['--no-rollback']);
  await using _service = service;
  expect([ran.code, ran.json().outcome]).toEqual([5, 'partial']);
  expect(await service.listOf(8443)).toContain('ProxyProtocol-enabled');
});
