import type { JournalRecord, WriteEffect } from './record.js';

// What is known of a write. One rule carries it: a write that the service took is in effect until a call has taken it
// back and a read shows so. A read that does not show a write proves nothing, because it may be behind; one that shows
// it proves it. A call whose answer was lost may have been carried out, now or later.

/** What is known of a write. */
export type Knowledge = 'in-effect' | 'not-in-effect' | 'not-known';

/** What happened to a write, one thing after the other. */
export type Evidence =
  /** It is about to be sent, or was: from now on only an answer can prove that nothing happened. */
  | 'sent'
  /** It was not sent after all. */
  | 'withheld'
  /** The service took it. */
  | 'taken'
  /** The service refused it before doing anything. */
  | 'refused'
  /** No answer came, or none that can be read. */
  | 'lost'
  /** A read that began after it was sent shows its goal. */
  | 'shown'
  /** Such a read shows something else; it may be old. */
  | 'not-shown';

/** All that the evidence for one write comes to. */
export interface WriteHistory {
  /** It may be on its way at this moment: its answer has not come. */
  readonly inFlight: boolean;
  /** Some call may have been carried out although no answer says so. */
  readonly lost: boolean;
  readonly taken: boolean;
  readonly shown: boolean;
}

/** A write of which nothing has happened. */
export const unsent: WriteHistory = { inFlight: false, lost: false, taken: false, shown: false };

/** Adds one piece of evidence. */
export function learn(write: WriteHistory, evidence: Evidence): WriteHistory {
  switch (evidence) {
    case 'sent':
      // What showed before it is sent again says nothing about this call.
      return { ...write, inFlight: true, shown: false };
    case 'withheld':
    case 'refused':
      return { ...write, inFlight: false };
    case 'taken':
      return { ...write, inFlight: false, taken: true };
    case 'lost':
      return { ...write, inFlight: false, lost: true };
    case 'shown':
      // Without a call of ours that may have been carried out, someone else has done it.
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

/** What the journal records of a write: the sum of what is known, not only of the last call. */
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

/** What the journal knows of a step: `unknown` was in flight, or its answer never came. */
export type JournaledStepState = 'not-run' | 'done' | 'none' | 'unknown' | 'rolled-back';

/**
 * Folds a step's own records, in the order in which they were written: a step is undone only where the call that took it
 * back was taken, and in doubt as long as such a call may have been.
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
