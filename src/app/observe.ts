import { movedIdentity } from '../core/drift.js';
import type { LoadBalancer, LoadBalancerIdentity } from '../core/model.js';
import { type Sight, sightOf } from '../core/sight.js';
import type { Step } from '../core/step.js';
import type { ElasticLoadBalancing } from './ports.js';
import { type Reading, type ReadOrder, readLoadBalancer } from './read.js';
import { stopwatch } from './stopwatch.js';
import { within } from './within.js';
import type { WriteContext } from './write-context.js';

/** The newest reading of a step's load balancer, judged; or why there is none. */
export type Look =
  | {
      readonly kind: 'seen';
      readonly sight: Sight;
      readonly fresh: LoadBalancer;
      /** The same, with its age. */
      readonly reading: Reading;
    }
  /** No load balancer of the name, or another one that has taken it. */
  | { readonly kind: 'gone'; readonly fresh: LoadBalancer | undefined }
  | { readonly kind: 'unreadable'; readonly error: unknown };

/**
 * Milliseconds between reads, and from then on the last. The service says nothing about how soon a write can be read,
 * so a read that shows something else proves nothing.
 */
const delays = [100, 200, 400, 800, 1600, 3000, 5000];

/** Milliseconds for which someone else's change of our own list, which is sure to be newer, is looked at again. */
export const touchedMs = 6000;
/** Milliseconds without a read that could be made. */
const unreadableMs = 30_000;
/** Milliseconds after which it is said that a change does not show yet, and between further words of it. */
const sayAfterMs = 5000;
const sayEveryMs = 20_000;

/** The wait before the nth further read, in milliseconds. */
export function delayBefore(nth: number): number {
  return delays[Math.min(nth, delays.length - 1)] ?? 5000;
}

/**
 * Reads until a step's goal shows or patience ends; gives the last look.
 * @param patienceMs for a goal that does not show
 * @param order `list-last` where the last look may serve as the read right before a write
 */
export async function observe(
  api: ElasticLoadBalancing,
  loadBalancer: LoadBalancerIdentity,
  step: Step,
  context: WriteContext,
  patienceMs: number,
  order: ReadOrder = 'list-last',
): Promise<Look> {
  const { emit } = context;
  const time = stopwatch(context.clock);
  let nextWord = sayAfterMs;
  let readableAt = 0;
  let touchedSince: number | undefined;
  for (let nth = 0; ; nth++) {
    const look = await lookOnce(api, loadBalancer, step, context, patienceMs, order);
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
  api: ElasticLoadBalancing,
  loadBalancer: LoadBalancerIdentity,
  step: Step,
  context: WriteContext,
  patienceMs: number,
  order: ReadOrder,
): Promise<Look> {
  try {
    const answer = readLoadBalancer(api, loadBalancer.name, context.clock, order);
    const reading = await within(Math.max(patienceMs, 5000), answer, loadBalancer, context);
    const { loadBalancer: fresh } = reading;
    return fresh === undefined || movedIdentity(loadBalancer, fresh).length > 0
      ? { kind: 'gone', fresh }
      : { kind: 'seen', sight: sightOf(step, fresh), fresh, reading };
  } catch (error) {
    return { kind: 'unreadable', error };
  }
}

/** Whether a step's goal shows on the very load balancer that is meant. */
export function showsUp(step: Step, pinned: LoadBalancerIdentity, fresh: LoadBalancer | undefined): boolean {
  return (
    fresh !== undefined && movedIdentity(pinned, fresh).length === 0 && sightOf(step, fresh).kind === 'after'
  );
}
