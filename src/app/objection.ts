import type { HazardCode } from '../core/hazards.js';
import type { Action } from '../core/plan.js';
import type { Step } from '../core/step.js';

/** Why something must not be written, by one reading. */
export interface Verdict<Stop> {
  readonly stop: Stop;
  /** What speaks against it may be a read that is behind this run's own writes: worth reading again. */
  readonly maybeOld?: boolean | undefined;
  /** For how long it is read again at most, in milliseconds; absent: as long as a write may take to show. */
  readonly patienceMs?: number | undefined;
}

/** How far a run has come with a change. */
export interface Progress<S extends Step = Step> {
  /** The steps that are still to be done, the next one first. */
  readonly remaining: readonly S[];
  /** Blockers that are overruled besides those of the plan. */
  readonly forced: readonly HazardCode[];
  /**
   * The steps that this run has done of this change: what they wrote must still be so, and a read that does not show it
   * may be old.
   */
  readonly done: readonly S[];
  /** Whether this run has written before, anywhere: decides how the objection is worded. */
  readonly wrote: boolean;
  /** What the plan calls itself; what it does must be that. */
  readonly action: Action;
}

/** Why a step is not taken back. */
export interface Objection {
  readonly why: string;
  /** It is not known whether the step is still in effect. */
  readonly inDoubt: boolean;
  /** A policy that is on a port changes traffic. */
  readonly used?: boolean | undefined;
  /** The load balancer was deleted, and all that was on it with it: a newer one has its name. */
  readonly gone?: boolean | undefined;
}

/** A read may be stale: it is worth reading again, and otherwise the state stays unknown. */
export function doubt(why: string): Verdict<Objection> {
  return { stop: { why, inDoubt: true }, maybeOld: true };
}
