import type { HazardCode } from '../core/hazards.js';
import type { Action } from '../core/plan.js';
import type { Step } from '../core/step.js';

/** Why something must not be written, judged by one read. */
export interface Verdict<Stop> {
  readonly stop: Stop;
  /** The cause may be a read that is older than this run's own writes: worth reading again. */
  readonly maybeOld?: boolean | undefined;
  /** The longest time to keep reading, in milliseconds; absent: as long as a write may take to show. */
  readonly patienceMs?: number | undefined;
}

/** A run's progress with a change. */
export interface Progress<S extends Step = Step> {
  /** The remaining steps, the next one first. */
  readonly remaining: readonly S[];
  /** Blockers overruled in addition to the plan's own. */
  readonly forced: readonly HazardCode[];
  /** This run's finished steps of this change: their writes must still be in effect, or the read is old. */
  readonly done: readonly S[];
  /** Whether this run has written before, anywhere: decides how the objection is worded. */
  readonly wrote: boolean;
  /** The plan's action; its steps must match it. */
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

/** The read may be stale: worth reading again; otherwise the state stays unknown. */
export function doubt(why: string): Verdict<Objection> {
  return { stop: { why, inDoubt: true }, maybeOld: true };
}
