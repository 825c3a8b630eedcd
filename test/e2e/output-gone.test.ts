import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bin, elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { startRelay } from '../helpers/relay.js';
import { startService } from '../helpers/service.js';

const enable = ['enable', 'web', '--port', '8443,9443', '--yes'];

/** What `| head` does, at its worst: nothing is ever read. */
const closed = (name: 'stdout' | 'stderr') => (child: ChildProcess) => {
  child[name]?.destroy();
};

describe('a reader that goes away', () => {
  it.each([
    ['stdout', enable],
    ['stderr', [...enable, '--debug']],
  ] as const)('from %s ends no change half-way: all of it is done and recorded', async (name, argv) => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint);
    const stateDirectory = await temporaryDirectory();
    const ran = await elbProxy(argv, { ...relay, stateDirectory, onStart: closed(name) });
    expect(ran.code).toBe(0);
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth', 'ProxyProtocol-enabled']);
    expect(await service.listOf(9443)).toEqual(['b-auth', 'ProxyProtocol-enabled']);
    const past = await elbProxy(['history', '-o', 'json'], { stateDirectory });
    expect(past.json().changes).toMatchObject([{ outcome: 'applied' }]);
  });

  it('does not make a failed change look like one that is done', async () => {
    await using service = await startService();
    await using relay = await startRelay(service.endpoint, async ({ action, nth }) =>
      action === 'SetLoadBalancerPoliciesForBackendServer' && nth === 2
        ? { error: 'AccessDenied', status: 403 }
        : 'pass',
    );
    const ran = await elbProxy(enable, { ...relay, onStart: closed('stdout') });
    expect(ran.code).toBe(1);
    expect(await service.listOf(8443)).toEqual(['z-auth', 'b-auth']);
  });

  it('ends what only reads, without a word', async () => {
    await using service = await startService();
    const ran = await elbProxy(['status'], { endpoint: service.endpoint, onStart: closed('stdout') });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
  });
});

describe.runIf(existsSync('/dev/full'))('a full disk behind stdout', () => {
  it('is one line on stderr and exit 1', () => {
    const script = 'exec "$0" "$1" schema plan > /dev/full';
    const ran = spawnSync('sh', ['-c', script, process.execPath, bin], { encoding: 'utf8' });
    expect(ran).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /^elb-proxy: what should go to stdout could not be written: ENOSPC[^\n]*\n$/,
      ),
    });
  });
});
