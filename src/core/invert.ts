import { invertModify } from './network/modify-step.js';
import type { ClassicStep, Step } from './step.js';

/** The step that takes one step back: lists swap, a creation becomes a deletion and the other way round. */
export function invertStep(step: ClassicStep): ClassicStep;
export function invertStep(step: Step): Step;
export function invertStep(step: Step): Step {
  switch (step.call) {
    case 'CreateLoadBalancerPolicy':
      return { ...step, call: 'DeleteLoadBalancerPolicy' };
    case 'DeleteLoadBalancerPolicy':
      return { ...step, call: 'CreateLoadBalancerPolicy' };
    case 'SetLoadBalancerPoliciesForBackendServer':
      return { ...step, before: step.after, after: step.before };
    case 'ModifyTargetGroupAttributes':
      return invertModify(step);
  }
}

/** The steps that take all of them back, in reverse order. */
export function invertSteps(steps: readonly ClassicStep[]): readonly ClassicStep[];
export function invertSteps(steps: readonly Step[]): readonly Step[];
export function invertSteps(steps: readonly Step[]): readonly Step[] {
  return steps.map((step) => invertStep(step)).toReversed();
}
