import type { StepReference } from '../core/record.js';
import type { Step } from '../core/step.js';
import type { WriteContext } from './write-context.js';

/**
 * Whether a step's goal is what was there before some change of this tool: then a read that shows it may be older than
 * that change, and only a call that the service took proves anything. A policy that an undo deletes is on no port: a
 * read that does not list it any more is believed.
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
