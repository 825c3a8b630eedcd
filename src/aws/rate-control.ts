import type { ApiKind } from './answer.js';
import { type BucketSize, type TokenBucket, tokenBucket } from './token-bucket.js';

/**
 * The service's own buckets for an account in one region, as its throttling page gives them
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html): one over all calls,
 * as large as that for Describe*, and a smaller one for calls that change something.
 */
export const publishedBuckets = {
  all: { capacity: 40, refill: 10 },
  writes: { capacity: 20, refill: 3 },
} as const satisfies Record<string, BucketSize>;

/** This tool's share of them: the rest is for the console, for controllers, and for clocks that differ. */
const share = 0.9;

/** The calls to one region, held to a rate. */
export interface RateLimit {
  /** Calls a second in the long run. */
  readonly perSecond: number;
  /** Resolves when the call may go out. */
  readonly turn: (write: boolean) => Promise<void>;
  /** A write goes out now, whatever the rate: the calls after it make up for it. */
  readonly charge: () => void;
  /** How long that many reads would be held back in all, in milliseconds. */
  readonly wouldHoldBack: (reads: number) => number;
  /** The service refused a call for its rate. */
  readonly throttled: () => void;
}

/**
 * Gives each API of a region its limit: the same one each time, however many clients it has. The service counts the calls
 * of the two APIs apart; a rate that the user set is shared by both.
 */
export type RateControl = (region: string, customEndpoint: boolean, api?: ApiKind) => RateLimit | undefined;

/** Time, for tests without any. */
export interface RateClock {
  /** Milliseconds. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

const realClock: RateClock = {
  now: () => performance.now(),
  sleep: (ms) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms);
    }),
};

/**
 * Rate control for a run. At AWS's own endpoint calls keep under the published buckets; a custom endpoint has none.
 * @param perSecond what the user set, which holds everywhere and instead of the published rate
 */
export function makeRateControl(perSecond?: number, clock: RateClock = realClock): RateControl {
  const limits = new Map<string, RateLimit>();
  return (region, customEndpoint, api = 'classic') => {
    const sizes =
      perSecond === undefined ? (customEndpoint ? undefined : publishedShare()) : chosen(perSecond);
    if (sizes === undefined) return undefined;
    const key = perSecond === undefined ? `${region} ${api}` : region;
    const limit = limits.get(key) ?? rateLimit(sizes, clock);
    limits.set(key, limit);
    return limit;
  };
}

interface Sizes {
  readonly all: BucketSize;
  readonly writes?: BucketSize | undefined;
}

function shareOf({ capacity, refill }: BucketSize): BucketSize {
  return { capacity: capacity * share, refill: refill * share };
}

function publishedShare(): Sizes {
  return { all: shareOf(publishedBuckets.all), writes: shareOf(publishedBuckets.writes) };
}

/** A second's worth at once, so that a rate below one call a second still lets the first call out. */
function chosen(perSecond: number): Sizes {
  return { all: { capacity: Math.max(1, perSecond), refill: perSecond } };
}

function rateLimit(sizes: Sizes, { now, sleep }: RateClock): RateLimit {
  const all = tokenBucket(sizes.all);
  const writes = sizes.writes && tokenBucket(sizes.writes);
  const bucketsOf = (write: boolean): readonly TokenBucket[] => (write && writes ? [all, writes] : [all]);
  return {
    perSecond: all.size.refill,
    turn: async (write) => {
      const time = now();
      const ms = Math.max(...bucketsOf(write).map((bucket) => bucket.take(time)));
      if (ms > 0) await sleep(ms);
    },
    charge: () => {
      for (const bucket of bucketsOf(true)) bucket.take(now());
    },
    wouldHoldBack: (reads) => all.wouldTake(reads, now()),
    throttled: () => all.drain(now()),
  };
}
