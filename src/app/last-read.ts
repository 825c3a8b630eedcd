import { invertStep } from '../core/invert.js';
import type { WriteHistory } from '../core/knowledge.js';
import type { LoadBalancer, LoadBalancerIdentity } from '../core/model.js';
import type { StepReference } from '../core/record.js';
import { sightOf } from '../core/sight.js';
import { simulateStep } from '../core/simulate.js';
import type { Step } from '../core/step.js';
import { delayBefore, showsUp } from './observe.js';
import type { ElasticLoadBalancing } from './ports.js';
import { orderFor, type Reading, readLoadBalancer } from './read.js';
import { showsThePast } from './shows-the-past.js';
import { stopwatch } from './stopwatch.js';
import { within } from './within.js';
import type { WriteContext } from './write-context.js';

/** Why something must not be written, by one reading. */
export interface Verdict<Stop> {
  readonly stop: Stop;
  /** What speaks against it may be a read that is behind this run's own writes: worth reading again. */
  readonly maybeOld?: boolean | undefined;
  /** For how long it is read again at most, in milliseconds; absent: as long as a write may take to show. */
  readonly patienceMs?: number | undefined;
}

/** What the read right before a write came to. */
export type LastRead<Stop> =
  | { readonly kind: 'go'; readonly reading: Reading & { readonly loadBalancer: LoadBalancer } }
  | { readonly kind: 'stop'; readonly stop: Stop }
  | { readonly kind: 'failed'; readonly error: unknown }
  /** The locks are not this run's any more. */
  | { readonly kind: 'no-lock' }
  /** An earlier try whose answer was lost has taken effect after all. */
  | { readonly kind: 'shown' };

/** The oldest that an answer may be when a write that rests on it leaves, in milliseconds of the wall clock. */
export const mostAgeMs = 2000;
/** Milliseconds for which a lock in the load balancer itself that does not show is looked for. */
const lockMs = 6000;
/** Milliseconds for one reading. */
const readMs = 60_000;

/** Whether a span of the wall clock is short enough; one below zero says that the clock was set back. */
export function isYoung(ms: number): boolean {
  return ms >= 0 && ms < mostAgeMs;
}

/** What is about to be written. */
interface Pending<Stop> {
  readonly api: ElasticLoadBalancing;
  readonly loadBalancer: LoadBalancerIdentity;
  readonly step: Step;
  readonly reference: StepReference;
  readonly check: (fresh: LoadBalancer | undefined) => Verdict<Stop> | undefined;
  readonly context: WriteContext;
  readonly write: WriteHistory;
  /** What was read just before, in the order for this step: it serves where it is young enough. */
  readonly known: Reading | undefined;
}

/** Reads what a write is to rest on, and lets `check` judge it. Once it says go, nothing is to come but the write. */
export async function lastRead<Stop>(pending: Pending<Stop>): Promise<LastRead<Stop>> {
  const { api, loadBalancer, step, reference, check, context, write, known } = pending;
  const { clock, emit, settleMs } = context;
  const time = stopwatch(clock);
  let slow = 0;
  for (let nth = 0; ; nth++) {
    let reading: Reading;
    try {
      reading =
        nth === 0 && known !== undefined && isYoung(clock.now().getTime() - known.at)
          ? known
          : await within(
              readMs,
              readLoadBalancer(api, loadBalancer.name, clock, orderFor(step)),
              loadBalancer,
              context,
            );
    } catch (error) {
      return { kind: 'failed', error };
    }
    // What took long to come may have been old when it came: of a process that was suspended no one knows when that was.
    if (!isYoung(reading.tookMs) && slow++ === 0) continue;
    const fresh = reading.loadBalancer;
    const isThere = write.lost && reference.direction === 'forward' && showsUp(step, loadBalancer, fresh);
    if (isThere && !showsThePast(pending)) return { kind: 'shown' };
    const verdict = check(isThere ? without(step, fresh) : fresh);
    const locked = fresh === undefined || (context.stillLocked?.(fresh) ?? true);
    if (verdict === undefined && fresh !== undefined && locked)
      return { kind: 'go', reading: { ...reading, loadBalancer: fresh } };
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

/**
 * What was read, as it would be had the step not been carried out: sent once more, it changes nothing. A list that is in
 * another order it would change.
 */
function without(step: Step, fresh: LoadBalancer | undefined): LoadBalancer | undefined {
  if (fresh === undefined || sightOf(step, fresh).reordered === true) return fresh;
  return simulateStep(fresh, invertStep(step));
}
