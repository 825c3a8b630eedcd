import type { PlanChange } from '../../core/plan.js';
import type { GuardCheck } from '../../core/report.js';

/** The result of one check of one target. */
export type GuardSight = Pick<GuardCheck, 'target' | 'passed' | 'seen' | 'ms'>;

/** The result of one check: every target, and notes. */
export interface Looked {
  readonly sights: readonly GuardSight[];
  /** Changes of the watched targets that are not failures. */
  readonly notes?: readonly string[];
  /** The way out if a target does not pass. */
  readonly hint?: string | undefined;
}

/** Checks one thing, again and again, for one `--guard`. */
export interface GuardWatcher {
  /** The check before anything is written. The state that it finds must stay. Bounded in time; never rejects. */
  readonly before: () => Promise<Looked>;
  /** A further check. Bounded in time; never rejects. */
  readonly look: () => Promise<Looked>;
  /** Milliseconds from one check to the next. */
  readonly everyMs: () => number;
  /** Whether it may fail for a while after the change: a backend may need a moment, an alarm is final. */
  readonly patient: boolean;
  /** The default hold; undefined means ten seconds. Known after `before`. */
  readonly holdMs: () => number | undefined;
  /** The longest time that it may need to notice a fault, if known; set after `before`. */
  readonly noticesAfterMs: () => number | undefined;
}

/** One `--guard`. */
export interface GuardProbe {
  /** As the user gave it: `tcp`, `https:/health`, `health`, `alarm:NAME`. */
  readonly name: string;
  /** For a changed instance port, or the change's target group; the same one where two show the same thing. */
  readonly watcherOf: (change: PlanChange, instancePort?: number) => GuardWatcher;
}
