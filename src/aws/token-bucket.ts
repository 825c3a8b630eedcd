/** How much a bucket holds, and how fast it fills up again. */
export interface BucketSize {
  /** Calls that may go out at once. */
  readonly capacity: number;
  /** Calls a second. */
  readonly refill: number;
}

/** A token bucket: a call that finds no token learns how long to wait. Times are milliseconds that the caller gives. */
interface TokenBucket {
  /** Takes a token; gives the milliseconds after which the call may go out. */
  readonly take: (now: number) => number;
  /** How long `calls` further calls would be held back in all, in milliseconds; takes nothing. */
  readonly wouldTake: (calls: number, now: number) => number;
  /** The service says that its own bucket is empty: so is this one. */
  readonly drain: (now: number) => void;
}

/** A full bucket. */
export function tokenBucket({ capacity, refill }: BucketSize): TokenBucket {
  let tokens = capacity;
  let last = Number.NEGATIVE_INFINITY;

  /** Less than none: tokens that were promised to calls that wait. */
  const tokensAt = (now: number): number =>
    last > now ? tokens : Math.min(capacity, tokens + ((now - last) / 1000) * refill);
  const settle = (now: number, change: (present: number) => number): void => {
    tokens = change(tokensAt(now));
    last = Math.max(last, now);
  };
  const waitFor = (missing: number): number => Math.max(0, (missing / refill) * 1000);

  return {
    take: (now) => {
      settle(now, (present) => present - 1);
      return waitFor(-tokens);
    },
    wouldTake: (calls, now) => waitFor(calls - tokensAt(now)),
    drain: (now) => settle(now, (present) => Math.min(present, 0)),
  };
}
