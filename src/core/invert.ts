import type { Step } from './step.js';

/** The step that takes one step back: lists swap, a creation becomes a deletion and the other way round. */
export function invertStep(step: Step): Step {
  switch (step.call) {
    case 'CreateLoadBalancerPolicy':
      return { ...step, call: 'DeleteLoadBalancerPolicy' };
    case 'DeleteLoadBalancerPolicy':
      return { ...step, call: 'CreateLoadBalancerPolicy' };
    case 'SetLoadBalancerPoliciesForBackendServer':
      return { ...step, before: step.after, after: step.before };
  }
}

/** The steps that take all of them back, in reverse order. */
export function invertSteps(steps: readonly Step[]): readonly Step[] {
  return steps.map(invertStep).toReversed();
}
