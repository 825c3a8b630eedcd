import type { WriteHistory } from '../core/knowledge.js';
import type { StepReference } from '../core/record.js';
import type { Step } from '../core/step.js';
import type { Verdict } from './objection.js';
import { delayBefore, showsUp } from './observe.js';
import { type Fresh, orderFor, type Reading } from './reading.js';
import { showsThePast } from './shows-the-past.js';
import { stopwatch } from './stopwatch.js';
import type { Switched } from './switched.js';
import { within } from './within.js';
import type { WriteContext } from './write-context.js';

/** The result of the read right before a write. */
type LastRead<Stop> =
  | { readonly kind: 'go'; readonly reading: Reading & { readonly fresh: Fresh } }
  | { readonly kind: 'stop'; readonly stop: Stop }
  | { readonly kind: 'failed'; readonly error: unknown }
  /** This run no longer holds its locks. */
  | { readonly kind: 'no-lock' }
  /** An earlier attempt whose answer was lost has taken effect after all. */
  | { readonly kind: 'shown' };

/** The maximum age of an answer when a write based on it is sent, in milliseconds of the wall clock. */
export const mostAgeMs = 2000;
/** Milliseconds for which a lock in the load balancer itself is read again if it does not show. */
const lockMs = 6000;
/** Whether a span of the wall clock is short enough; a negative one means that the clock was set back. */
export function isYoung(ms: number): boolean {
  return ms >= 0 && ms < mostAgeMs;
}

/** The write that is about to be sent. */
interface Pending<Stop> {
  readonly switched: Switched;
  readonly step: Step;
  readonly reference: StepReference;
  readonly check: (fresh: Fresh | undefined) => Verdict<Stop> | undefined;
  readonly context: WriteContext;
  readonly write: WriteHistory;
  /** The previous read, in the order for this step: used if it is fresh enough. */
  readonly known: Reading | undefined;
}

/** Makes the read that a write is based on, and lets `check` judge it. If it agrees, the write follows at once. */
export async function lastRead<Stop>(pending: Pending<Stop>): Promise<LastRead<Stop>> {
  const { switched, step, reference, check, context, write, known } = pending;
  const { clock, emit, settleMs } = context;
  const time = stopwatch(clock);
  let slow = 0;
  for (let nth = 0; ; nth++) {
    let reading: Reading;
    try {
      reading =
        nth === 0 && known !== undefined && isYoung(clock.now().getTime() - known.at)
          ? known
          : await within(switched.read(clock, orderFor(step)), switched.loadBalancer, context);
    } catch (error) {
      return { kind: 'failed', error };
    }
    // A slow answer may have been old when it came: if the process was suspended, there is no telling when that was.
    if (!isYoung(reading.tookMs) && slow++ === 0) continue;
    const { fresh } = reading;
    const mayShow = write.lost && reference.direction === 'forward';
    const isThere = mayShow && showsUp(step, switched, fresh);
    if (isThere && !showsThePast(pending)) return { kind: 'shown' };
    const verdict = check(isThere ? switched.without(step, fresh) : fresh);
    const locked = fresh === undefined || (context.stillLocked?.(fresh) ?? true);
    if (verdict === undefined && fresh !== undefined && locked)
      return { kind: 'go', reading: { ...reading, fresh } };
    const patienceMs = Math.min(settleMs, verdict?.patienceMs ?? (locked ? settleMs : lockMs));
    const left = patienceMs - time.passed();
    const mayPass = (verdict === undefined || verdict.maybeOld === true) && context.signal?.aborted !== true;
    if (left <= 0 || !mayPass)
      return verdict === undefined ? { kind: 'no-lock' } : { kind: 'stop', stop: verdict.stop };
    const ms = Math.min(delayBefore(nth), left);
    emit({ code: 'waiting', why: 'maybe-old', ms });
    await time.sleep(ms);
  }
}
