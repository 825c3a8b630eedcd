import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { type Relay, startRelay, type Verdict } from '../helpers/relay.js';
import { type Service, startService } from '../helpers/service.js';
import { unwrapped } from '../helpers/unwrapped.js';

// Who acts is what STS says. A relay plays the STS of another account; everything else reaches one service, so
// that the two accounts hold load balancers of the same names.

const mine = '123456789012';
const theirs = '210987654321';
const set = 'SetLoadBalancerPoliciesForBackendServer';

const identityOf = (account: string): Verdict => ({
  status: 200,
  body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:sts::${account}:assumed-role/ops/alice</Arn><UserId>AROA:alice</UserId><Account>${account}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>relay</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
});

/** One service, two accounts, one state directory. */
async function stage(answer: (account: string) => Verdict = identityOf) {
  const service = await startService();
  const sts = (account: string) =>
    startRelay(service.endpoint, async ({ action }) =>
      action === 'GetCallerIdentity' ? answer(account) : 'pass',
    );
  const relays: Record<string, Relay> = { [mine]: await sts(mine), [theirs]: await sts(theirs) };
  const stateDirectory = await temporaryDirectory();
  return {
    service,
    stateDirectory,
    of: (account: string): Relay => relays[account] as Relay,
    /** Both at one endpoint for load balancers; STS is each account's own. */
    run: (account: string, ...argv: readonly string[]) =>
      elbProxyHere(argv, {
        endpoint: service.endpoint,
        stateDirectory,
        env: { AWS_ENDPOINT_URL_STS: relays[account]?.endpoint },
      }),
    [Symbol.asyncDispose]: async () => {
      for (const relay of Object.values(relays)) await relay[Symbol.asyncDispose]();
      await service[Symbol.asyncDispose]();
    },
  };
}

const enable = ['enable', 'web', '--port', '8443', '--yes'];
const on = async (service: Service) => (await service.listOf(8443)).includes('ProxyProtocol-enabled');

describe('the caller', () => {
  it('is in the plan, the report and the history, as text and as JSON', async () => {
    await using at = await stage();
    const caller = { accountId: mine, arn: `arn:aws:sts::${mine}:assumed-role/ops/alice` };
    const text = await at.run(mine, 'enable', 'web', '--port', '8443', '--dry-run');
    expect(text.stdout).toContain(`acts as ${caller.arn}`);
    const markdown = await at.run(mine, 'enable', 'web', '--port', '8443', '--dry-run', '-o', 'markdown');
    expect(markdown.stdout).toContain(caller.arn);
    const plan = await at.run(mine, 'enable', 'web', '--port', '8443', '--dry-run', '-o', 'json');
    expect(plan.json().caller).toEqual(caller);
    expect((await at.run(mine, ...enable, '-o', 'json')).json()).toMatchObject({
      outcome: 'applied',
      caller,
    });
    expect((await at.run(mine, 'history', '-o', 'json')).json().changes[0]).toMatchObject({ caller });
    expect((await at.run(mine, 'history')).stdout).toContain(mine);
  });

  it('is asked for once a run, and never where STS has no endpoint of its own beside a custom one', async () => {
    await using at = await stage();
    await at.run(mine, ...enable);
    expect(at.of(mine).calls.map(({ action }) => action)).toEqual(['GetCallerIdentity']);
    const without = await elbProxyHere(
      ['enable', 'web', '--port', '9443', '--dry-run', '-o', 'json'],
      at.service,
    );
    expect(without.code).toBe(0);
    expect(without.json()).not.toHaveProperty('caller');
    const text = await elbProxyHere(['enable', 'web', '--port', '9443', '--dry-run'], at.service);
    expect(unwrapped(text.stdout)).toContain('AWS_ENDPOINT_URL_STS');
  });

  it.each([
    ['is denied', { error: 'AccessDenied', status: 403 }],
    ['answers nonsense', { status: 200, body: '<html/>' }],
    ['breaks off', 'cut-before'],
  ] as const)('that is unknown because STS %s is not a failure, and is said', async (_what, verdict) => {
    await using at = await stage(() => verdict);
    const ran = await at.run(mine, ...enable, '-o', 'json');
    expect(ran.code).toBe(0);
    expect(ran.json()).toMatchObject({ outcome: 'applied' });
    expect(ran.json()).not.toHaveProperty('caller');
    expect(unwrapped(ran.stderr)).toContain('it is not known which account this run acts on');
  });
});

describe('another account', () => {
  it('does not carry out a plan: exit 3, other-account, both accounts named, nothing written', async () => {
    await using at = await stage();
    const file = `${at.stateDirectory}/plan.json`;
    await at.run(mine, 'enable', 'web', '--port', '8443', '--dry-run', '--out', file);
    const ran = await at.run(theirs, 'apply', file, '--yes', '-o', 'json');
    expect(ran.code).toBe(3);
    expect(ran.json()).toMatchObject({ outcome: 'refused', error: { code: 'other-account' } });
    expect(ran.stderr).toContain(mine);
    expect(ran.stderr).toContain(theirs);
    expect(await on(at.service)).toBe(false);
    expect((await at.run(mine, 'apply', file, '--yes')).code).toBe(0);
    expect(await on(at.service)).toBe(true);
  });

  it('does not matter to a plan without a caller: that plan is pinned only by what it read', async () => {
    await using at = await stage();
    const file = `${at.stateDirectory}/plan.json`;
    await elbProxyHere(['enable', 'web', '--port', '8443', '--dry-run', '--out', file], at.service);
    expect(JSON.parse(await readFile(file, 'utf8'))).not.toHaveProperty('caller');
    expect((await at.run(theirs, 'apply', file, '--yes')).code).toBe(0);
  });

  it('does not undo a change, by its id or as the newest; the account that made it does', async () => {
    await using at = await stage();
    const { changeId } = (await at.run(mine, ...enable, '-o', 'json')).json();
    for (const argv of [
      ['undo', '--yes'],
      ['undo', changeId, '--yes'],
    ]) {
      const ran = await at.run(theirs, ...argv, '-o', 'json');
      expect(ran.code).toBe(3);
      expect((ran.json().error ?? {}).code).toBe('other-account');
      expect(await on(at.service)).toBe(true);
    }
    expect((await at.run(mine, 'undo', '--yes')).code).toBe(0);
    expect(await on(at.service)).toBe(false);
  });

  it('takes back its own newest change, and names the newer ones of others', async () => {
    await using at = await stage();
    await at.run(mine, ...enable);
    const other = (await at.run(theirs, 'enable', 'web', '--port', '9444', '--yes', '-o', 'json')).json();
    const ran = await at.run(mine, 'undo', '--yes', '-o', 'json');
    expect(ran.code).toBe(0);
    expect(unwrapped(ran.stderr)).toContain(`change ${other.changeId} is newer and was passed over`);
    expect(await on(at.service)).toBe(false);
    expect(await at.service.listOf(9444)).toEqual(['ProxyProtocol-enabled']);
  });

  it('neither settles nor hides a change that was cut off', async () => {
    await using at = await stage();
    const { endpoint } = at.service;
    // Killed with its write in flight: the change is cut off, and in effect.
    await using killing = await startRelay(endpoint, async ({ action }) => {
      if (action === set) child?.kill('SIGKILL');
      return 'pass';
    });
    let child: { kill: (signal: 'SIGKILL') => boolean } | undefined;
    await elbProxy(enable, {
      endpoint: killing.endpoint,
      stateDirectory: at.stateDirectory,
      env: { AWS_ENDPOINT_URL_STS: at.of(mine).endpoint },
      onStart: (started) => (child = started),
    });
    const cutOff = async (account: string) =>
      unwrapped((await at.run(account, 'status', 'web')).stderr).includes('was cut off');
    expect(await cutOff(mine)).toBe(true);
    await at.run(theirs, ...enable);
    expect(await cutOff(theirs)).toBe(true);
    expect(await cutOff(mine)).toBe(true);
  });
});
