import { describeStep, type Step } from '../../core/step.js';

/** A step in words, with the whole list that it leaves on a port. */
export function stepWords(step: Step): string {
  if (step.call !== 'SetLoadBalancerPoliciesForBackendServer') return describeStep(step);
  return `${describeStep(step)} to ${step.after.length === 0 ? 'none' : step.after.join(', ')}`;
}
