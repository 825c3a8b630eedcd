import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiKind } from './answer.js';
import { type BucketSize, tokenBucket } from './token-bucket.js';

/**
 * The service's own bucket for an account in one region, as its throttling page gives it
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html): over all calls, and as large
 * as that for Describe*. The smaller one for writes is not followed: a write never waits.
 */
export const publishedBucket: BucketSize = { capacity: 40, refill: 10 };

/** This tool's share of it: the rest is for the console, for controllers, and for clocks that differ. */
const share = 0.9;

/** The calls to one region, held to a rate. */
export interface RateLimit {
  /** Calls a second in the long run. */
  readonly perSecond: number;
  /** Resolves when a read may go out. */
  readonly turn: () => Promise<void>;
  /** A write goes out now, whatever the rate: the calls after it make up for it. */
  readonly charge: () => void;
  /** How long that many reads would be held back in all, in milliseconds. */
  readonly wouldHoldBack: (reads: number) => number;
  /** The service refused a call for its rate. */
  readonly throttled: () => void;
}

/** Gives each API of a region its one limit; the service counts both APIs apart, a rate that the user set is for both. */
export type RateControl = (region: string, customEndpoint: boolean, api?: ApiKind) => RateLimit | undefined;

/** Time, for tests without any. */
export interface RateClock {
  /** Milliseconds. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

const realClock: RateClock = { now: () => performance.now(), sleep };

/**
 * Rate control for a run. At AWS's own endpoint calls keep under the published buckets; a custom endpoint has none.
 * @param perSecond what the user set, which holds everywhere and instead of the published rate
 */
export function makeRateControl(perSecond?: number, clock: RateClock = realClock): RateControl {
  const limits = new Map<string, RateLimit>();
  return (region, customEndpoint, api = 'classic') => {
    if (perSecond === undefined && customEndpoint) return undefined;
    const key = perSecond === undefined ? `${region} ${api}` : region;
    const limit = limits.get(key) ?? rateLimit(sizeOf(perSecond), clock);
    limits.set(key, limit);
    return limit;
  };
}

/** A second's worth at once, so that a rate below one call a second still lets the first call out. */
function sizeOf(perSecond: number | undefined): BucketSize {
  if (perSecond !== undefined) return { capacity: Math.max(1, perSecond), refill: perSecond };
  return { capacity: publishedBucket.capacity * share, refill: publishedBucket.refill * share };
}

function rateLimit(size: BucketSize, clock: RateClock): RateLimit {
  const bucket = tokenBucket(size);
  return {
    perSecond: size.refill,
    turn: async () => {
      const ms = bucket.take(clock.now());
      if (ms > 0) await clock.sleep(ms);
    },
    charge: () => void bucket.take(clock.now()),
    wouldHoldBack: (reads) => bucket.wouldTake(reads, clock.now()),
    throttled: () => bucket.drain(clock.now()),
  };
}
