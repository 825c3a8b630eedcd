import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { elbProxyHere } from '../helpers/elb-proxy-here.js';
import { bothKindsAt, startNetworkService } from '../helpers/network-service.js';
import { startRelay } from '../helpers/relay.js';

/** Answers as the STS of an account; everything else reaches the service. */
const stsOf = (service: { readonly endpoint: string }, account: string) =>
  startRelay(service.endpoint, async ({ action }) =>
    action === 'GetCallerIdentity'
      ? {
          status: 200,
          body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:sts::${account}:assumed-role/ops/alice</Arn><UserId>AROA:alice</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
        }
      : 'pass',
  );

const enable = ['enable', 'edge', '--target-group', 'blue'];

describe('the caller of a change of a target group', () => {
  it('is in its plan; another account neither applies nor undoes it', async () => {
    await using service = await startNetworkService();
    await using mine = await stsOf(service, '123456789012');
    await using theirs = await stsOf(service, '210987654321');
    const stateDirectory = await temporaryDirectory();
    const as = (sts: { readonly endpoint: string }) => {
      const { env, ...rest } = bothKindsAt(service, stateDirectory);
      return { ...rest, env: { ...env, AWS_ENDPOINT_URL_STS: sts.endpoint } };
    };
    const file = join(await temporaryDirectory(), 'plan.json');
    const dry = await elbProxyHere([...enable, '--dry-run', '--out', file, '-o', 'json'], as(mine));
    expect(dry.json().caller).toMatchObject({ accountId: '123456789012' });
    const foreign = await elbProxyHere(['apply', file, '--yes', '-o', 'json'], as(theirs));
    expect(foreign.code).toBe(3);
    expect(foreign.json()).toMatchObject({ error: { code: 'other-account' } });
    expect(await service.valueOf('blue')).toBe('false');
    const applied = (await elbProxyHere(['apply', file, '--yes', '-o', 'json'], as(mine))).json();
    expect(applied).toMatchObject({ outcome: 'applied', caller: { accountId: '123456789012' } });
    const undo = await elbProxyHere(['undo', applied.changeId, '--yes', '-o', 'json'], as(theirs));
    expect(undo.code).toBe(3);
    expect(undo.json()).toMatchObject({ error: { code: 'other-account' } });
    expect(await service.valueOf('blue')).toBe('true');
  });

  it('is not asked of AWS with the keys for a clone, also where only the newer API has an endpoint', async () => {
    await using service = await startNetworkService();
    const ran = await elbProxyHere([...enable, '--yes', '-o', 'json'], {
      env: {
        AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: service.endpoint,
        AWS_ENDPOINT_URL_STS: undefined,
      },
    });
    expect(ran.json()).toMatchObject({ outcome: 'applied', endpoint: service.endpoint });
    expect(ran.json()).not.toHaveProperty('caller');
    expect(ran.stderr).toBe('');
  });
});
