import { callInput } from '../../core/call-input.js';
import type { Step } from '../../core/step.js';
import { fenced } from './fence.js';

/** The exact API calls in order, numbered, each with its parameters as JSON. */
export function callList(loadBalancerName: string, steps: readonly Step[]): string {
  return fenced(
    'text',
    steps.map(
      (step, index) => `${index + 1}. ${step.call} ${JSON.stringify(callInput(loadBalancerName, step))}`,
    ),
  );
}
