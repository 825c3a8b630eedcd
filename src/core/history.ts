import { foldStep, type JournaledStepState } from './knowledge.js';
import type { Plan } from './plan.js';
import type { BeginRecord, Holder, JournalRecord, StepReference } from './record.js';
import type { RunOutcome } from './report.js';
import type { Step } from './step.js';

/** A change as the journal tells it. */
export interface JournaledChange {
  readonly changeId: string;
  /** When it began; ISO 8601, UTC. */
  readonly at: string;
  /** When its newest record was written; ISO 8601, UTC. */
  readonly lastAt: string;
  readonly holder: Holder;
  readonly plan: Plan;
  /** A state for each step of each of the plan's changes. */
  readonly steps: readonly (readonly JournaledStepState[])[];
  /** `open`: no end was recorded, so the run goes on still or was cut off. */
  readonly outcome: RunOutcome | 'open';
  /** The newest change that put this one back. */
  readonly undoneBy?: string | undefined;
}

/** Folds the journal's records into changes, oldest first. Records of a change whose beginning is missing are left out. */
export function foldHistory(records: readonly JournalRecord[]): readonly JournaledChange[] {
  const begun = records.filter((record): record is BeginRecord => record.record === 'begin');
  const changes = begun.map((begin) => {
    const own = records.filter(({ changeId }) => changeId === begin.changeId);
    return {
      changeId: begin.changeId,
      at: begin.at,
      lastAt: own.at(-1)?.at ?? begin.at,
      holder: begin.holder,
      plan: begin.plan,
      steps: begin.plan.changes.map(({ steps }, change) =>
        steps.map((_, step) =>
          foldStep(
            own.filter((record) => 'step' in record && record.change === change && record.step === step),
          ),
        ),
      ),
      outcome: own.findLast((record) => record.record === 'end')?.outcome ?? ('open' as const),
    };
  });
  return changes.map((change) => {
    const undoneBy = changes.findLast(
      ({ plan, outcome }) => plan.undoes === change.changeId && outcome === 'applied',
    );
    return { ...change, undoneBy: undoneBy?.changeId };
  });
}

/** A step that may be in effect, with where it stands in the plan. */
export interface StandingStep {
  readonly reference: StepReference;
  readonly step: Step;
  readonly state: 'done' | 'unknown';
}

/** The steps of one of a journaled change's load balancers that are, or may be, in effect. */
export function standingSteps(journaled: JournaledChange, change: number): readonly StandingStep[] {
  return (journaled.plan.changes[change]?.steps ?? []).flatMap((planned, step) => {
    const state = journaled.steps[change]?.[step];
    if (state !== 'done' && state !== 'unknown') return [];
    return [{ reference: { change, step, direction: 'forward' as const }, step: planned, state }];
  });
}
