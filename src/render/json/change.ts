import type { GuardSummary } from '../../core/guard-summary.js';
import type { JournaledStepState } from '../../core/knowledge.js';
import type { Liveness } from '../../core/liveness.js';
import type { PlanChange } from '../../core/plan.js';
import type { EndError, StepReference, WriteEffect } from '../../core/record.js';
import type { Step } from '../../core/step.js';
import { type HistoryEntry, historyEntry, type WatchedChange } from './history.js';
import { known } from './known.js';
import { documentFormatVersion } from './status.js';

/** One call that a change made. */
export interface ChangeCall {
  /** `back`: it was to take the step back. */
  readonly direction: StepReference['direction'];
  /** When it was about to be sent; ISO 8601, UTC. */
  readonly at: string;
  readonly send: Step;
  /** Absent where the journal does not say, because the run was cut off. */
  readonly effect?: WriteEffect | undefined;
  /** When its effect was known; ISO 8601, UTC. */
  readonly knownAt?: string | undefined;
  readonly requestId?: string | undefined;
  readonly errorCode?: string | undefined;
}

/** A step of the plan, what the journal knows of it, and the calls that were made for it. */
export type ChangeStep = Step & {
  readonly outcome: JournaledStepState;
  readonly calls: readonly ChangeCall[];
};

/** What `history CHANGE -o json` prints below `change`. */
export interface WholeChange extends Omit<HistoryEntry, 'loadBalancers'> {
  /** The plan's digest. */
  readonly digest: string;
  /** When the plan was made; ISO 8601, UTC. */
  readonly plannedAt: string;
  /** The process of the run. */
  readonly pid: number;
  /** When the run ended by itself; absent where it did not, or not yet. */
  readonly endedAt?: string | undefined;
  /** Why it was not simply applied. */
  readonly error?: EndError | undefined;
  /** What the guards saw. */
  readonly guard?: GuardSummary | undefined;
  readonly changes: readonly (Omit<PlanChange, 'steps'> & { readonly steps: readonly ChangeStep[] })[];
}

/** What `history CHANGE -o json` prints. */
export interface ChangeDocument {
  readonly formatVersion: typeof documentFormatVersion;
  readonly change: WholeChange;
  /** What could not be read of the journal. */
  readonly warnings: readonly string[];
}

/** A change with the calls of its run. */
export interface WatchedRun extends WatchedChange {
  readonly liveness: Liveness;
  readonly calls: readonly (readonly (readonly ChangeCall[])[])[];
  readonly endedAt?: string | undefined;
  readonly error?: EndError | undefined;
  readonly guard?: GuardSummary | undefined;
}

/** The document of one change. */
export function changeDocument(run: WatchedRun, warnings: readonly string[]): ChangeDocument {
  const { loadBalancers: _, ...entry } = historyEntry(run);
  const { plan, holder, endedAt, error, guard } = run;
  return {
    formatVersion: documentFormatVersion,
    change: known({
      ...entry,
      digest: plan.digest,
      plannedAt: plan.createdAt,
      pid: holder.pid,
      endedAt,
      error,
      guard,
      changes: plan.changes.map((change, index) => ({
        ...change,
        steps: change.steps.map((step, nth) => ({
          ...step,
          outcome: run.steps[index]?.[nth] ?? ('not-run' as const),
          calls: (run.calls[index]?.[nth] ?? []).map((call) => known(call)),
        })),
      })),
    }),
    warnings,
  };
}
