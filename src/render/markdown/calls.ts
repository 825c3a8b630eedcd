import { callInput } from '../../core/call-input.js';
import { groupNameOf } from '../../core/network/modify-step.js';
import type { Step } from '../../core/step.js';
import { fenced } from './blocks.js';
import { codeSpan, codeSpans } from './code-span.js';

/** The exact API calls in order, numbered, each with its parameters as JSON. */
export function callList(loadBalancerName: string, steps: readonly Step[]): string {
  return fenced(
    'text',
    steps.map(
      (step, index) => `${index + 1}. ${step.call} ${JSON.stringify(callInput(loadBalancerName, step))}`,
    ),
  );
}

/** A step in words, with the whole list that it leaves on a port. */
export function stepSentence(step: Step): string {
  switch (step.call) {
    case 'CreateLoadBalancerPolicy':
      return `create policy ${codeSpan(step.policyName)}`;
    case 'SetLoadBalancerPoliciesForBackendServer':
      return `set the policies of instance port ${step.instancePort} to ${step.after.length === 0 ? 'none' : codeSpans(step.after)}`;
    case 'DeleteLoadBalancerPolicy':
      return `delete policy ${codeSpan(step.policyName)}`;
    case 'ModifyTargetGroupAttributes':
      return `set ${codeSpan(step.key)} of target group ${codeSpan(groupNameOf(step.targetGroupArn))} to ${codeSpan(step.after)}`;
  }
}
