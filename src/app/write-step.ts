import { effectOfWrite, judge, learn, unsent, type WriteHistory } from '../core/knowledge.js';
import type { StepReference } from '../core/record.js';
import type { Step } from '../core/step.js';
import { ElbProxyError } from '../errors.js';
import { isYoung, lastRead } from './last-read.js';
import type { Verdict } from './objection.js';
import { type Look, observe } from './observe.js';
import { type Fresh, orderFor, type Reading } from './reading.js';
import { recorder } from './recorder.js';
import { type Answer, send } from './send.js';
import { showsThePast } from './shows-the-past.js';
import { lockLost, neverInTime, notShown } from './stop.js';
import type { Switched } from './switched.js';
import { type TryAgain, triesFor } from './tries.js';
import type { WriteContext } from './write-context.js';

/** How one write ended. */
export type WriteResult<Stop> =
  | {
      readonly kind: 'done';
      readonly requestId?: string | undefined;
      /** The list as the service shows it, where that is not the order in which it was written. */
      readonly shownAs?: readonly string[] | undefined;
      /** The read that showed it: the next write may rest on it. Absent if its effect was proved otherwise. */
      readonly reading?: Reading | undefined;
    }
  /** The last read said that it must not be written; nothing was. */
  | { readonly kind: 'stopped'; readonly stop: Stop }
  /** Tried, and certainly without effect. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** It took effect, and someone else has changed it since. */
  | { readonly kind: 'overwritten'; readonly why: string | undefined }
  /** It may or may not be in effect. */
  | {
      readonly kind: 'unknown';
      readonly error: unknown;
      /** The service said that it took it; no read shows it. */
      readonly taken: boolean;
      /** Reads were made until patience ended. */
      readonly waited: boolean;
    };

/** Milliseconds for which a write whose answer was lost is waited for before it is sent again. */
const lostMs = 6100;
/** Milliseconds within which one write is tried, not counting the time until it shows. */
const triesMs = 60_000;

/** How often one try is read for again because its read had grown too old before it could leave. */
const mostWithheld = 10;

interface Write<Stop> {
  readonly switched: Switched;
  readonly step: Step;
  readonly reference: StepReference;
  /** Gives the objection to the write, judged by the read right before it. */
  readonly check: (fresh: Fresh | undefined) => Verdict<Stop> | undefined;
}

/** One write on its way, over all its tries. */
interface Attempt<Stop> extends Write<Stop> {
  readonly context: WriteContext;
  readonly record: ReturnType<typeof recorder>;
  /** Its history so far. */
  write: WriteHistory;
  /** The error of the newest call whose answer was lost. */
  lost: Answer | undefined;
  /** The read just before this write, in the order for it; for its first try only. */
  known: Reading | undefined;
  /** Another step on the same load balancer, which is to rest on the read-back. */
  readonly next: Step | undefined;
}

/** The neighbours of one write. */
export interface Beside {
  /** The read that showed the step before; it serves as the last read if it is young enough. */
  readonly known?: Reading | undefined;
  /** The step on the same load balancer that is to follow at once. */
  readonly next?: Step | undefined;
}

/** A try that had no effect, or whose effect does not show, and that may be repeated. */
interface Again {
  readonly kind: 'again';
  readonly why: TryAgain;
  readonly error: unknown;
}

/**
 * The one way in which this tool writes. Each try: record the intention, read (unless the last read is young enough), let
 * `check` object, send at once, record the answer, read back. Nothing slow is between the last read and the call. A write
 * whose answer was lost is never sent again blindly: only on a fresh read that shows its start. What is known in the end
 * is judged in core/knowledge. If the journal can't be written, nothing is sent.
 */
export async function writeStep<Stop>(
  planned: Write<Stop>,
  context: WriteContext,
  { known, next }: Beside = {},
): Promise<WriteResult<Stop>> {
  const { switched, step, reference } = planned;
  const { loadBalancer } = switched;
  const { clock, emit, signal, settleMs } = context;
  emit({ code: 'step-started', loadBalancer, step, direction: reference.direction });
  const record = recorder(step, reference, context);
  const attempt: Attempt<Stop> = {
    ...planned,
    context,
    record,
    write: unsent,
    lost: undefined,
    known,
    next,
  };
  const until = clock.now().getTime() + settleMs + triesMs;
  for (let count = 1; ; count++) {
    const isLast = (why: TryAgain): boolean =>
      count >= triesFor(why, reference, switched, context) ||
      signal?.aborted === true ||
      clock.now().getTime() >= until;
    const tried = await tryOnce(attempt, isLast).catch((error: unknown) => inDoubt(attempt, error));
    if (tried.kind !== 'again') return tried;
    if (isLast(tried.why)) return inDoubt(attempt, tried.error);
    // The published bucket for writes refills 3 a second (facts: AWS "Request throttling for the ELB API").
    const ms = Math.min((tried.why === 'read-failed' ? 50 : 200) * 2 ** count, 5000);
    emit({ code: 'waiting', why: tried.why, ms });
    await clock.sleep(ms);
  }
}

/** The end of a write that did not come to its goal. */
function inDoubt<Stop>({ write }: Attempt<Stop>, error: unknown): WriteResult<Stop> {
  if (judge(write) === 'not-in-effect') return { kind: 'failed', error };
  return { kind: 'unknown', error, taken: write.taken, waited: false };
}

async function tryOnce<Stop>(
  attempt: Attempt<Stop>,
  isLast: (why: TryAgain) => boolean,
): Promise<WriteResult<Stop> | Again> {
  const { switched, step, reference, context, record } = attempt;
  const { loadBalancer } = switched;
  const { clock, stillLocked } = context;
  const withhold = async <R>(result: R): Promise<R> => {
    await record.written(effectOfWrite(attempt.write, reference.direction), attempt.lost);
    return result;
  };
  await record.intention();
  await switched.readyToWrite?.();
  for (let withheld = 0; ; ) {
    const last = await lastRead(attempt);
    attempt.known = undefined;
    if (last.kind === 'shown') return shown(attempt);
    if (last.kind === 'failed') {
      const again = switched.effectOf(last.error) !== 'no' || isIncomplete(last.error);
      return withhold(
        again ? { kind: 'again', why: 'read-failed', error: last.error } : inDoubt(attempt, last.error),
      );
    }
    if (last.kind === 'stop') {
      const sure = judge(attempt.write) === 'not-in-effect';
      return withhold(sure ? { kind: 'stopped', stop: last.stop } : inDoubt(attempt, last.stop));
    }
    if (last.kind === 'no-lock') return withhold(inDoubt(attempt, lockLost(loadBalancer)));
    const { reading } = last;
    // The clock is looked at last: the look at the locks may take time.
    const maySend = () =>
      (stillLocked?.(reading.fresh) ?? true) && isYoung(clock.now().getTime() - reading.at);
    // Until its answer is there, it may have been carried out.
    const before = attempt.write;
    attempt.write = learn(before, 'sent');
    const answer = await send(switched, step, maySend, context);
    if (answer.effect !== 'not-sent') return judged(attempt, answer, reading.fresh, isLast);
    attempt.write = learn(attempt.write, 'withheld');
    if (++withheld >= mostWithheld) return withhold(inDoubt(attempt, neverInTime(loadBalancer, step)));
    context.emit({ code: 'waiting', why: 'old-read', ms: 0 });
  }
}

/** A field that was left out may be there in the next answer. */
function isIncomplete(error: unknown): boolean {
  return error instanceof ElbProxyError && error.code === 'incomplete-answer';
}

/** The result of an answer, and of the reads after it. */
async function judged<Stop>(
  attempt: Attempt<Stop>,
  answer: Answer,
  before: Fresh,
  isLast: (why: TryAgain) => boolean,
): Promise<WriteResult<Stop> | Again> {
  const { switched, step, reference, record } = attempt;
  const evidence = { taken: 'taken', none: 'refused', lost: 'lost', 'not-sent': 'withheld' } as const;
  attempt.write = learn(attempt.write, evidence[answer.effect]);
  if (answer.effect === 'lost') attempt.lost = answer;
  // The policy to be made again is there already: the refusal proves it, which no read would.
  const past = showsThePast(attempt);
  if (answer.again === 'name-taken' && past && switched.sightOf(step, before).kind === 'after')
    attempt.write = learn(learn(attempt.write, 'taken'), 'shown');
  await record.written(effectOfWrite(attempt.write, reference.direction), answer);
  if (past && attempt.write.shown) return done(attempt, answer);
  if (answer.effect === 'none') {
    if (answer.again !== undefined) return { kind: 'again', why: answer.again, error: answer.error };
    if (judge(attempt.write) === 'not-in-effect') return { kind: 'failed', error: answer.error };
  }
  // A read may show the state before all of it: only a call that was taken counts.
  if (past && answer.effect !== 'taken') return { kind: 'again', why: 'answer-lost', error: answer.error };
  const patient = answer.effect !== 'lost' || isLast('answer-lost');
  const { settleMs } = attempt.context;
  const look = await observe(
    switched,
    step,
    attempt.context,
    patient ? settleMs : Math.min(lostMs, settleMs),
    orderFor(attempt.next),
  );
  if (look.kind === 'seen' && look.sight.kind === 'after') {
    const result = await shown(attempt, answer);
    if (result.kind !== 'done') return result;
    const { reading } = look;
    return look.sight.reordered === true
      ? { ...result, reading, shownAs: sayReordered(attempt, look.fresh) }
      : { ...result, reading };
  }
  const isBefore = look.kind === 'seen' && look.sight.kind === 'before';
  if (!patient && isBefore) return { kind: 'again', why: 'answer-lost', error: answer.error };
  return notSeen(attempt, answer, look);
}

async function notSeen<Stop>(attempt: Attempt<Stop>, answer: Answer, look: Look): Promise<WriteResult<Stop>> {
  const { step, switched, reference, record, context } = attempt;
  attempt.write = learn(attempt.write, 'not-shown');
  const touched = look.kind === 'seen' && look.sight.kind === 'touched';
  const why = look.kind === 'seen' ? look.sight.why : undefined;
  if (reference.direction === 'back') {
    // It was taken, and someone has changed the list since: nothing of this run is in it.
    if (touched && attempt.write.taken && look.sight.redefined !== true) return done(attempt, answer);
    await record.written('unknown', answer);
  } else if (touched && attempt.write.taken) {
    return { kind: 'overwritten', why };
  }
  const error = answer.error ?? (look.kind === 'unreadable' ? look.error : undefined);
  return {
    kind: 'unknown',
    error: error ?? notShown(switched.loadBalancer, step, why, context.settleMs),
    taken: attempt.write.taken,
    waited: true,
  };
}

/** A read shows it: whatever its answer was, it is in effect. */
async function shown<Stop>(
  attempt: Attempt<Stop>,
  answer: Answer | undefined = attempt.lost,
): Promise<WriteResult<Stop>> {
  const known = attempt.write.taken;
  attempt.write = learn(attempt.write, 'shown');
  if (!known) await attempt.record.written('done', answer);
  return done(attempt, answer, !known);
}

function done<Stop>(
  { switched: { loadBalancer }, step, reference: { direction }, context }: Attempt<Stop>,
  answer: Answer | undefined,
  answerLost = false,
): WriteResult<Stop> {
  const requestId = answer?.requestId;
  context.emit({ code: 'step-done', loadBalancer, step, direction, requestId, answerLost });
  return { kind: 'done', requestId };
}

/** The order counts for the service; one that answers in an order of its own is said, and believed. */
function sayReordered<Stop>(
  { switched, step, context }: Attempt<Stop>,
  fresh: Fresh,
): readonly string[] | undefined {
  const shownAs = switched.shownAs?.(step, fresh);
  if (shownAs !== undefined) context.emit({ code: 'warning', message: shownAs.message });
  return shownAs?.list;
}
