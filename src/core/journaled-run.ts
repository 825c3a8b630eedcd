import type { GuardSummary } from './guard-summary.js';
import { foldHistory, type JournaledChange } from './history.js';
import type { EndError, JournalRecord, StepReference, WriteEffect } from './record.js';
import type { Step } from './step.js';

/** One call of a change, as recorded in the journal. */
export interface JournaledCall {
  readonly direction: StepReference['direction'];
  /** When it was about to be sent; ISO 8601, UTC. */
  readonly at: string;
  /** The step that was sent. */
  readonly send: Step;
  /** Its outcome; absent if the run was cut off before the journal could say. */
  readonly effect?: WriteEffect | undefined;
  /** When that was known; ISO 8601, UTC. */
  readonly knownAt?: string | undefined;
  readonly requestId?: string | undefined;
  readonly errorCode?: string | undefined;
}

/** A change with all that the journal holds of its run. */
export interface JournaledRun extends JournaledChange {
  /** The calls of each step of each of the plan's changes, in the order in which they were made. */
  readonly calls: readonly (readonly (readonly JournaledCall[])[])[];
  /** When the run ended by itself; ISO 8601, UTC. */
  readonly endedAt?: string | undefined;
  /** Why it was not simply applied. */
  readonly error?: EndError | undefined;
  readonly guard?: GuardSummary | undefined;
}

/** One change in full, from the records of a journal; undefined if its beginning is missing. */
export function foldRun(records: readonly JournalRecord[], changeId: string): JournaledRun | undefined {
  const change = foldHistory(records).find((one) => one.changeId === changeId);
  if (change === undefined) return undefined;
  const own = records.filter((record) => record.changeId === changeId);
  const end = own.findLast((record) => record.record === 'end');
  return {
    ...change,
    calls: change.plan.changes.map(({ steps }, index) => steps.map((_, step) => callsOf(own, index, step))),
    endedAt: end?.at,
    error: end?.error,
    guard: end?.guard,
  };
}

function callsOf(own: readonly JournalRecord[], change: number, step: number): readonly JournaledCall[] {
  const calls: JournaledCall[] = [];
  for (const record of own) {
    if (!('step' in record) || record.change !== change || record.step !== step) continue;
    const { direction, at } = record;
    if (record.record === 'write') {
      calls.push({ direction, at, send: record.send });
      continue;
    }
    const index = calls.findLastIndex((call) => call.direction === direction);
    const call = calls[index];
    // A call's outcome may change as more is learned about it.
    if (call !== undefined)
      calls[index] = {
        ...call,
        effect: record.effect,
        knownAt: at,
        requestId: record.requestId ?? call.requestId,
        errorCode: record.errorCode ?? call.errorCode,
      };
  }
  return calls;
}
