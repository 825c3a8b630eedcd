import type { StepReference } from '../core/record.js';
import type { Step } from '../core/step.js';
import type { WriteContext } from './write-context.js';

/**
 * Whether a step's goal is the state before some change of this tool: then a read that shows it may be older than that
 * change, and proves nothing. A policy that an undo deletes is on no port: a read without it is believed.
 */
export function showsThePast({
  step: { call },
  reference: { direction },
  context: { undoes },
}: {
  readonly step: Pick<Step, 'call'>;
  readonly reference: Pick<StepReference, 'direction'>;
  readonly context: Pick<WriteContext, 'undoes'>;
}): boolean {
  return direction === 'back' || (undoes === true && call !== 'DeleteLoadBalancerPolicy');
}
