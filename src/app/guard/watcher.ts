import type { PlanChange } from '../../core/plan.js';

/** What one look of a guard showed of one thing. */
export interface GuardSight {
  /** What was looked at: `address:port`, a load balancer, a region. */
  readonly target: string;
  readonly passed: boolean;
  readonly seen: string;
  /** Milliseconds. */
  readonly ms: number;
}

/** What one look showed: everything that was looked at, and what there is to say beside it. */
export interface Looked {
  readonly sights: readonly GuardSight[];
  /** What changed about what is watched, and is not a failure. */
  readonly notes?: readonly string[];
  /** What to do about a sight that does not pass. */
  readonly hint?: string | undefined;
}

/** Looks at one thing, again and again, as one `--guard` says. */
export interface GuardWatcher {
  /** The look before anything is written. What it finds is what must stay. Bounded in time; never rejects. */
  readonly before: () => Promise<Looked>;
  /** A further look. Bounded in time; never rejects. */
  readonly look: () => Promise<Looked>;
  /** Milliseconds from one look to the next. */
  readonly everyMs: () => number;
  /** Whether it may fail for a while after the change: a backend may need a moment, an alarm's word is final. */
  readonly patient: boolean;
  /** How long it must hold where the user does not say; undefined if ten seconds do. Known after `before`. */
  readonly holdMs: () => number | undefined;
  /** After how long it could notice a fault at the latest, where that is known; after `before`. */
  readonly noticesAfterMs: () => number | undefined;
}

/** One `--guard`. */
export interface GuardProbe {
  /** As the user gave it: `tcp`, `https:/health`, `health`, `alarm:NAME`. */
  readonly name: string;
  /**
   * Who watches a changed instance port, or the change's target group where it has one; the same watcher where two of
   * them show the same thing.
   */
  readonly watcherOf: (change: PlanChange, instancePort?: number) => GuardWatcher;
}
