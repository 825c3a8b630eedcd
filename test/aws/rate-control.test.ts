import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeRateControl, publishedBucket, type RateClock } from '../../src/aws/rate-control.js';
import { apiServer, failure, loadBalancersXml, success } from './api-server.js';
import { namesOf, opened } from './opened.js';

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret-really');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A clock that never waits, and remembers for how long it was to. */
function fakeClock(): RateClock & { readonly slept: number[]; time: number } {
  const clock = {
    slept: [] as number[],
    time: 0,
    now: () => clock.time,
    sleep: async (ms: number) => {
      clock.slept.push(Math.round(ms));
    },
  };
  return clock;
}

async function turns(limit: { turn: () => Promise<void> } | undefined, count: number) {
  for (let call = 0; call < count; call++) await limit?.turn();
}

describe('rate control', () => {
  it('keeps under the published buckets at AWS’s own endpoint', async () => {
    const clock = fakeClock();
    const limit = makeRateControl(undefined, clock)('us-east-1', false);
    expect(limit?.perSecond).toBeLessThan(publishedBucket.refill);
    await turns(limit, 36);
    expect(clock.slept).toEqual([]);
    await turns(limit, 2);
    expect(clock.slept).toEqual([111, 222]);
  });

  it('leaves a custom endpoint alone, unless the user sets a rate', async () => {
    const clock = fakeClock();
    expect(makeRateControl(undefined, clock)('us-east-1', true)).toBeUndefined();
    const limit = makeRateControl(2, clock)('us-east-1', true);
    await turns(limit, 4);
    expect(clock.slept).toEqual([500, 1000]);
  });

  it('lets the first call out at once, however low the rate', async () => {
    const clock = fakeClock();
    await turns(makeRateControl(0.5, clock)('us-east-1', false), 2);
    expect(clock.slept).toEqual([2000]);
  });

  it('has a bucket for each region, and one for all clients of a region', async () => {
    const clock = fakeClock();
    const control = makeRateControl(1, clock);
    await turns(control('us-east-1', true), 1);
    await turns(control('eu-west-1', true), 1);
    expect(clock.slept).toEqual([]);
    await turns(control('us-east-1', true), 1);
    expect(clock.slept).toEqual([1000]);
  });

  it('knows how long reads would be held back in all', () => {
    const limit = makeRateControl(undefined, fakeClock())('us-east-1', false);
    expect(limit?.wouldHoldBack(36)).toBe(0);
    expect(limit?.wouldHoldBack(216)).toBeCloseTo(20_000);
  });
});

describe('over HTTP', () => {
  it('each read takes its turn; a write goes out at once, and the reads after it wait the longer', async () => {
    const clock = fakeClock();
    const api = await apiServer(({ action }) =>
      success(action, action === 'DescribeLoadBalancers' ? loadBalancersXml('web') : '<PolicyDescriptions/>'),
    );
    const elb = await opened(api.url, { rateControl: makeRateControl(1, clock) });
    await namesOf(elb);
    await elb.setLoadBalancerPoliciesForBackendServer('web', 80, []);
    await elb.describeLoadBalancerPolicies('web');
    expect(clock.slept).toEqual([2000]);
    expect(elb.heldBack?.(1)).toEqual({ ms: 3000, perSecond: 1 });
  });

  it('a throttle empties the bucket, and the attempt after it takes its turn, too', async () => {
    const clock = fakeClock();
    const calls: (true | undefined)[] = [];
    const api = await apiServer(({ action }, nth) =>
      nth === 1 ? failure(400, 'Throttling') : success(action, loadBalancersXml('web')),
    );
    const elb = await opened(api.url, {
      rateControl: makeRateControl(100, clock),
      onCall: ({ throttled }) => calls.push(throttled),
    });
    expect(await namesOf(elb)).toEqual(['web']);
    expect(calls).toEqual([true, undefined]);
    expect(clock.slept).toEqual([10]);
  });
});
