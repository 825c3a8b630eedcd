import type { Sight } from '../core/sight.js';
import type { Step } from '../core/step.js';
import type { Fresh, Reading, ReadOrder } from './reading.js';
import { stopwatch } from './stopwatch.js';
import type { Switched } from './switched.js';
import { within } from './within.js';
import type { WriteContext } from './write-context.js';

/** The newest read for a step, judged; or why there is none. */
export type Look =
  | {
      readonly kind: 'seen';
      readonly sight: Sight;
      readonly fresh: Fresh;
      /** The same, with its age. */
      readonly reading: Reading;
    }
  /** It does not exist, or another one has taken its name. */
  | { readonly kind: 'gone'; readonly fresh: Fresh | undefined }
  | { readonly kind: 'unreadable'; readonly error: unknown };

/** Milliseconds between reads; the last value repeats. How soon a write can be read is not documented. */
const delays = [100, 200, 400, 800, 1600, 3000, 5000];

/** Milliseconds for which our list is read again after someone else's change to it, which is certainly newer. */
export const touchedMs = 6000;
/** The most milliseconds without a successful read. */
const unreadableMs = 30_000;
/** Milliseconds until the first report that a change does not show yet, and between further ones. */
const sayAfterMs = 5000;
const sayEveryMs = 20_000;

/** The wait before the nth further read, in milliseconds. */
export function delayBefore(nth: number): number {
  return delays[Math.min(nth, delays.length - 1)] ?? 5000;
}

/** Reads until a step's goal shows or `patienceMs` ends; returns the last read. */
export async function observe(
  switched: Switched,
  step: Step,
  context: WriteContext,
  patienceMs: number,
  order: ReadOrder = 'replaced-last',
): Promise<Look> {
  const { emit } = context;
  const { loadBalancer } = switched;
  const time = stopwatch(context.clock);
  let nextWord = sayAfterMs;
  let readableAt = 0;
  let touchedSince: number | undefined;
  for (let nth = 0; ; nth++) {
    const look = await lookOnce(switched, step, context, patienceMs, order);
    const now = time.passed();
    if (look.kind !== 'unreadable') readableAt = now;
    const touched = look.kind === 'seen' && look.sight.kind === 'touched';
    touchedSince = touched ? (touchedSince ?? now) : undefined;
    if (look.kind === 'seen' && look.sight.kind === 'after') return look;
    const left = Math.min(
      patienceMs - now,
      readableAt + unreadableMs - now,
      (touchedSince ?? now + patienceMs) + touchedMs - now,
    );
    if (left <= 0) return look;
    const ms = Math.min(delayBefore(nth), left);
    emit({ code: 'waiting', why: look.kind === 'unreadable' ? 'read-failed' : 'slow-read', ms });
    if (now >= nextWord) {
      emit({ code: 'not-shown-yet', loadBalancer, step, ms: now, atMostMs: patienceMs });
      nextWord += sayEveryMs;
    }
    await time.sleep(ms);
  }
}

async function lookOnce(
  switched: Switched,
  step: Step,
  context: WriteContext,
  patienceMs: number,
  order: ReadOrder,
): Promise<Look> {
  try {
    const answer = switched.read(context.clock, order);
    const reading = await within(answer, switched.loadBalancer, context, Math.max(patienceMs, 5000));
    const { fresh } = reading;
    return fresh === undefined || switched.movedFrom(fresh).length > 0
      ? { kind: 'gone', fresh }
      : { kind: 'seen', sight: switched.sightOf(step, fresh), fresh, reading };
  } catch (error) {
    return { kind: 'unreadable', error };
  }
}

/** Whether a step's goal shows on the very load balancer or group that is meant. */
export function showsUp(step: Step, switched: Switched, fresh: Fresh | undefined): fresh is Fresh {
  return (
    fresh !== undefined &&
    switched.movedFrom(fresh).length === 0 &&
    switched.sightOf(step, fresh).kind === 'after'
  );
}
