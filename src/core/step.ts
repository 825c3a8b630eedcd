import { sameList } from './merge.js';
import type { Policy } from './model.js';
import { describeModify, type ModifyAttributeStep, sameValue } from './network/modify-step.js';

export type { ModifyAttributeStep } from './network/modify-step.js';

/** Makes a policy; it is attached to nothing yet. */
export interface CreatePolicyStep {
  readonly call: 'CreateLoadBalancerPolicy';
  readonly policyName: string;
  readonly policyTypeName: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Replaces the whole ordered list of one instance port. */
export interface SetPoliciesStep {
  readonly call: 'SetLoadBalancerPoliciesForBackendServer';
  readonly instancePort: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Deletes a policy that is attached to nothing; carries what it was, so that it can be created again. */
export interface DeletePolicyStep {
  readonly call: 'DeleteLoadBalancerPolicy';
  readonly policyName: string;
  readonly policyTypeName: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A call on a Classic load balancer. */
export type ClassicStep = CreatePolicyStep | SetPoliciesStep | DeletePolicyStep;

/** One API call of a plan: the only four writes that this tool ever makes. */
export type Step = ClassicStep | ModifyAttributeStep;

/** The policy that a create step makes, or a delete step removes. */
export function policyOf(step: CreatePolicyStep | DeletePolicyStep): Policy {
  return {
    name: step.policyName,
    type: step.policyTypeName,
    attributes: Object.entries(step.attributes).map(([name, value]) => ({ name, value })),
  };
}

/** The same policy as the fields that a create or delete step carries. */
export function policyFields(policy: Policy): Omit<CreatePolicyStep, 'call'> {
  return {
    policyName: policy.name,
    policyTypeName: policy.type,
    attributes: Object.fromEntries(policy.attributes.map(({ name, value }) => [name, value])),
  };
}

/** Whether steps put a policy on a port that it did not have: then the port may begin to send the PROXY line. */
export function switchesOn(steps: readonly ClassicStep[]): boolean {
  return steps.some((step) => 'after' in step && step.after.some((name) => !step.before.includes(name)));
}

/** Whether a step writes what is already there: an undo does, where the read it is based on may have been old. */
export function changesNothing(step: Step): boolean {
  switch (step.call) {
    case 'SetLoadBalancerPoliciesForBackendServer':
      return sameList(step.before, step.after);
    case 'ModifyTargetGroupAttributes':
      return sameValue(step.before, step.after);
    case 'CreateLoadBalancerPolicy':
    case 'DeleteLoadBalancerPolicy':
      return false;
  }
}

/** A step in a few words, for progress, errors and reports. */
export function describeStep(step: Step): string {
  switch (step.call) {
    case 'CreateLoadBalancerPolicy':
      return `create policy ${step.policyName}`;
    case 'SetLoadBalancerPoliciesForBackendServer':
      return `set the policies of instance port ${step.instancePort}`;
    case 'DeleteLoadBalancerPolicy':
      return `delete policy ${step.policyName}`;
    case 'ModifyTargetGroupAttributes':
      return describeModify(step);
  }
}
