import type { RunEntry } from '../../app/history.js';
import type { JournaledStepState } from '../../core/knowledge.js';
import type { PlanChange } from '../../core/plan.js';
import type { Step } from '../../core/step.js';
import { withoutUndefined } from '../../core/without-undefined.js';
import { type DocumentOf, documentFormatVersion } from './document.js';
import { historyEntry } from './history.js';
import type { changeCall, changeSchema, wholeChange } from './history-schema.js';

/** One call that a change made. */
export type ChangeCall = DocumentOf<typeof changeCall>;

/** A step of the plan, what the journal knows of it, and the calls that were made for it. */
export type ChangeStep = Step & {
  readonly outcome: JournaledStepState;
  readonly calls: readonly ChangeCall[];
};

/** The `change` of `history CHANGE -o json`. */
export type WholeChange = Omit<DocumentOf<typeof wholeChange>, 'changes'> & {
  readonly changes: readonly (Omit<PlanChange, 'steps'> & { readonly steps: readonly ChangeStep[] })[];
};

/** The document of `history CHANGE -o json`. */
export type ChangeDocument = Omit<DocumentOf<typeof changeSchema>, 'change'> & {
  readonly change: WholeChange;
};

/** The document of one change. */
export function changeDocument(run: RunEntry, warnings: readonly string[]): ChangeDocument {
  const { loadBalancers: _, ...entry } = historyEntry(run);
  const { plan, holder, endedAt, error, guard } = run;
  return {
    formatVersion: documentFormatVersion,
    change: withoutUndefined({
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
          calls: (run.calls[index]?.[nth] ?? []).map((call) => withoutUndefined(call)),
        })),
      })),
    }),
    warnings,
  };
}
