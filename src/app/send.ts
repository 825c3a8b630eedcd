import type { Step } from '../core/step.js';
import { ElbProxyError } from '../errors.js';
import type { MaySend } from './ports.js';
import type { Switched } from './switched.js';
import { within } from './within.js';
import type { WriteContext } from './write-context.js';

/** The result of one call: the service accepted it, refused it, or gave no clear answer. */
export interface Answer {
  /** `not-sent`: the read behind it had become too old. */
  readonly effect: 'taken' | 'none' | 'lost' | 'not-sent';
  readonly requestId?: string | undefined;
  readonly error?: unknown;
  /** Without effect, and worth another attempt after a fresh read. */
  readonly again?: 'throttled' | 'name-taken' | undefined;
}

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
    const { requestId } = await within(answer, switched.loadBalancer, context);
    return { effect: 'taken', requestId };
  } catch (error) {
    if (error instanceof ElbProxyError && error.code === 'not-sent') return { effect: 'not-sent' };
    const effect = switched.effectOf(error);
    const requestId = error instanceof ElbProxyError ? error.requestId : undefined;
    if (effect === 'unknown') return { effect: 'lost', requestId, error };
    const again = effect === 'throttled' ? effect : undefined;
    // Someone created a policy of this name since our read: a new read reports that in the plan's terms.
    const taken = error instanceof ElbProxyError && error.code === 'DuplicatePolicyName';
    return { effect: 'none', requestId, error, again: taken ? 'name-taken' : again };
  }
}
