import { foldStep, type JournaledStepState } from './knowledge.js';
import type { Plan, PlanChange } from './plan.js';
import type { BeginRecord, Holder, JournalRecord, StepReference } from './record.js';
import type { RunOutcome } from './report.js';
import { sameChange } from './same-load-balancer.js';
import type { Step } from './step.js';

/** A change as the journal has it. */
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
  /** The newest change that did all of what this one left unfinished, and was not put back itself. */
  readonly completedBy?: string | undefined;
}

/** A write that is younger than this, in milliseconds, is not believed to be undone, or gone, because a read does not show it. */
export const youngMs = 10 * 60_000;

/** Folds the journal's records into changes, oldest first; those of a change without a beginning are left out. */
export function foldHistory(records: readonly JournalRecord[]): readonly JournaledChange[] {
  const begun = new Map<string, { readonly begin: BeginRecord; readonly own: JournalRecord[] }>();
  for (const record of records) {
    if (record.record === 'begin' && !begun.has(record.changeId))
      begun.set(record.changeId, { begin: record, own: [] });
    begun.get(record.changeId)?.own.push(record);
  }
  const changes = [...begun.values()].map(({ begin, own }) => {
    const { changeId, plan } = begin;
    const outcome = own.findLast((record) => record.record === 'end')?.outcome ?? ('open' as const);
    return {
      changeId,
      at: begin.at,
      lastAt: own.at(-1)?.at ?? begin.at,
      holder: begin.holder,
      plan,
      steps: foldSteps(plan, own),
      outcome,
    };
  });
  const byId = new Map(changes.map((change) => [change.changeId, change]));
  const undoneBy = new Map<string, string>();
  for (const undo of changes) {
    const undone = undo.outcome === 'applied' ? byId.get(undo.plan.undoes ?? '') : undefined;
    if (undone !== undefined && isUndone(undone, undo)) undoneBy.set(undone.changeId, undo.changeId);
  }
  const known = changes.map((change) => ({ ...change, undoneBy: undoneBy.get(change.changeId) }));
  return known.map((change, index) => ({
    ...change,
    completedBy:
      change.outcome === 'open' || change.outcome === 'partial'
        ? completedBy(change, known.slice(index + 1))
        : undefined,
  }));
}

/** Whether an applied undo put all of a change back. What it did not find, right after the change, may be there still. */
function isUndone(change: JournaledChange, { at, plan }: JournaledChange): boolean {
  if (Date.parse(at) - Date.parse(change.lastAt) >= youngMs) return true;
  return change.plan.changes.every(
    (made, index) =>
      standingSteps(change, index).length === 0 || plan.changes.some((own) => keyOf(own) === keyOf(made)),
  );
}

/** Enough within an undo of this change: its plan was held to what the change was made on. */
function keyOf({ loadBalancer: { name, region }, targetGroup }: PlanChange): string {
  return targetGroup?.arn ?? JSON.stringify([name, region]);
}

/** Of later changes, oldest first, the newest that an unfinished one was completed by. */
function completedBy(change: JournaledChange, later: readonly JournaledChange[]): string | undefined {
  return later.findLast(
    ({ outcome, undoneBy, plan }) =>
      outcome === 'applied' && undoneBy === undefined && covers(plan, change.plan),
  )?.changeId;
}

function foldSteps(plan: Plan, own: readonly JournalRecord[]): readonly (readonly JournaledStepState[])[] {
  const bySteps = new Map<string, JournalRecord[]>();
  for (const record of own) {
    if (!('step' in record)) continue;
    const key = `${record.change}/${record.step}`;
    const found = bySteps.get(key);
    if (found === undefined) bySteps.set(key, [record]);
    else found.push(record);
  }
  return plan.changes.map(({ steps }, change) =>
    steps.map((_, step) => foldStep(bySteps.get(`${change}/${step}`) ?? [])),
  );
}

/** The changes that never ended, and that no later change undid or completed. */
export function unsettled<T extends JournaledChange>(changes: readonly T[]): readonly T[] {
  return changes.filter(
    ({ outcome, undoneBy, completedBy: completed }) =>
      outcome === 'open' && undoneBy === undefined && completed === undefined,
  );
}

/** Whether a plan is of the same kind as another, and covers all its load balancers and ports. */
export function covers(plan: Plan, other: Plan): boolean {
  if (plan.action !== other.action || plan.undoes !== other.undoes) return false;
  return other.changes.every((change) => {
    if (change.steps.length === 0) return true;
    const same = sameChange(plan, change, other);
    if (change.targetGroup !== undefined || same?.targetGroup !== undefined) return same !== undefined;
    return change.affects.instancePorts.every((port) => same?.affects.instancePorts.includes(port));
  });
}

/** A step that may be in effect, with its place in the plan. */
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
