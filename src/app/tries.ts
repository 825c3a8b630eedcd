import type { StepReference } from '../core/record.js';
import type { ElasticLoadBalancing } from './ports.js';
import type { WriteContext } from './write-context.js';

/** How often one write is tried, unless the user set it; after a lost answer each try first waits for it to show. */
const mostTries = { throttled: 6, 'answer-lost': 4, 'name-taken': 6 } as const;

/** Attempts of the read before a write on the way back, those inside the API's adapter included. */
const mostReadsBack = 6;

/** Why a write is tried once more. */
export type TryAgain = keyof typeof mostTries | 'read-failed';

/** The user's limit may end a change early; the way back would end half-way, so there it can only raise the tries. */
export function triesFor(
  why: TryAgain,
  { direction }: Pick<StepReference, 'direction'>,
  { maxAttempts }: Pick<ElasticLoadBalancing, 'maxAttempts'>,
  { undoes }: Pick<WriteContext, 'undoes'>,
): number {
  if (why === 'read-failed')
    return direction === 'back' ? Math.ceil(mostReadsBack / (maxAttempts ?? mostReadsBack)) : 1;
  // A name that was taken meanwhile is not a failure to be retried: the next read says what the plan has to say about it.
  if (why === 'name-taken' || maxAttempts === undefined) return mostTries[why];
  // An undo whose answer was lost has no other proof than a call that is answered.
  const raised = direction === 'back' || (undoes === true && why === 'answer-lost');
  return raised ? Math.max(maxAttempts, mostTries[why]) : maxAttempts;
}
