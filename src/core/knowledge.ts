import type { JournalRecord, WriteEffect } from './record.js';

// The state of knowledge about a write. One rule decides: a write that the service accepted is in effect until a call has
// taken it back and a read confirms that. A read that does not show a write proves nothing, because it may be stale; a
// read that shows it is proof. A call whose answer was lost may have been carried out, or may still be.

/** The state of knowledge about a write. */
export type Knowledge = 'in-effect' | 'not-in-effect' | 'not-known';

/** An event in the life of a write. */
export type Evidence =
  /** It is about to be sent, or was: from now on only an answer can prove that nothing happened. */
  | 'sent'
  /** It was not sent after all. */
  | 'withheld'
  /** The service accepted it. */
  | 'taken'
  /** The service refused it before doing anything. */
  | 'refused'
  /** No answer came, or none that can be read. */
  | 'lost'
  /** A read that began after it was sent shows its goal. */
  | 'shown'
  /** Such a read shows something else; it may be old. */
  | 'not-shown';

/** The sum of the evidence about one write. */
export interface WriteHistory {
  /** It may be in flight: its answer has not arrived. */
  readonly inFlight: boolean;
  /** Some call may have been carried out although no answer says so. */
  readonly lost: boolean;
  readonly taken: boolean;
  readonly shown: boolean;
}

/** A write that was not sent yet. */
export const unsent: WriteHistory = { inFlight: false, lost: false, taken: false, shown: false };

/** Adds one piece of evidence. */
export function learn(write: WriteHistory, evidence: Evidence): WriteHistory {
  switch (evidence) {
    case 'sent':
      // A state that showed before the call was repeated says nothing about this call.
      return { ...write, inFlight: true, shown: false };
    case 'withheld':
    case 'refused':
      return { ...write, inFlight: false };
    case 'taken':
      return { ...write, inFlight: false, taken: true };
    case 'lost':
      return { ...write, inFlight: false, lost: true };
    case 'shown':
      // If none of our calls can have been carried out, someone else has done it.
      return { ...write, shown: write.taken || write.lost || write.inFlight };
    case 'not-shown':
      return write;
  }
}

/** Whether a write on the way forward is in effect. */
export function judge({ inFlight, lost, taken, shown }: WriteHistory): Knowledge {
  if (shown) return 'in-effect';
  return taken || lost || inFlight ? 'not-known' : 'not-in-effect';
}

/** A write's outcome for the journal: the sum of the evidence, not only the last call's. */
export function effectOfWrite(write: WriteHistory, direction: 'forward' | 'back'): WriteEffect {
  if (direction === 'forward') return write.taken || write.shown ? 'done' : effects[judge(write)];
  if (write.taken) return 'done';
  return write.lost || write.inFlight ? 'unknown' : 'none';
}

const effects: Readonly<Record<Knowledge, WriteEffect>> = {
  'in-effect': 'done',
  'not-in-effect': 'none',
  'not-known': 'unknown',
};

/** A step's state according to the journal; `unknown`: it was in flight, or its answer never came. */
export type JournaledStepState = 'not-run' | 'done' | 'none' | 'unknown' | 'rolled-back';

/**
 * Folds a step's records, in the order in which they were written. A step is undone only if the call that takes it back
 * was accepted, and in doubt as long as such a call may have been carried out.
 */
export function foldStep(records: readonly JournalRecord[]): JournaledStepState {
  let forward: WriteEffect | 'not-run' = 'not-run';
  let back: WriteEffect | 'not-run' = 'not-run';
  for (const record of records) {
    if (record.record !== 'write' && record.record !== 'written') continue;
    const effect = record.record === 'write' ? 'unknown' : record.effect;
    if (record.direction === 'forward') forward = effect;
    else back = effect;
  }
  if (back === 'done') return 'rolled-back';
  return back === 'unknown' ? 'unknown' : forward;
}
