import type { Step } from '../core/step.js';
import { ElbProxyError } from '../errors.js';
import type { MaySend } from './ports.js';
import type { Switched } from './switched.js';
import { within } from './within.js';
import type { WriteContext } from './write-context.js';

/** What came back from one call: the service took it, refused it, or no answer says what it did. */
export interface Answer {
  /** `not-sent`: what it rests on had grown too old. */
  readonly effect: 'taken' | 'none' | 'lost' | 'not-sent';
  readonly requestId?: string | undefined;
  readonly error?: unknown;
  /** Without effect, and worth another try after a fresh read. */
  readonly again?: 'throttled' | 'name-taken' | undefined;
}

/** Milliseconds for the answer to one write. */
const answerMs = 60_000;

/** Sends a write once. */
export async function send(
  switched: Switched,
  step: Step,
  maySend: MaySend,
  context: WriteContext,
): Promise<Answer> {
  if (!maySend()) return { effect: 'not-sent' };
  try {
    const answer = switched.call(step, maySend);
    const { requestId } = await within(answerMs, answer, switched.loadBalancer, context);
    return { effect: 'taken', requestId };
  } catch (error) {
    if (error instanceof ElbProxyError && error.code === 'not-sent') return { effect: 'not-sent' };
    const effect = switched.effectOf(error);
    const requestId = error instanceof ElbProxyError ? error.requestId : undefined;
    if (effect === 'unknown') return { effect: 'lost', requestId, error };
    const again = effect === 'throttled' ? effect : undefined;
    // Someone made a policy of this name since our read: reading again says so in the plan's own terms.
    const taken = error instanceof ElbProxyError && error.code === 'DuplicatePolicyName';
    return { effect: 'none', requestId, error, again: taken ? 'name-taken' : again };
  }
}
