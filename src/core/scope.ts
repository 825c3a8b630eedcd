import { sameList } from './merge.js';
import { type LoadBalancer, proxyProtocolPolicyType } from './model.js';
import type { Action, ClassicChange } from './plan.js';
import { policyNamesOfKind } from './policy.js';
import type { ClassicStep } from './step.js';

/**
 * A plan file is untrusted: whatever it says, it may only add and remove PROXY policies. Lists what a change would do
 * beyond that, judged by the load balancer's actual policies; empty for every plan that this tool makes.
 * @param remaining the remaining steps: a policy that an earlier one deleted can't be judged any more
 */
export function outOfScope(
  change: ClassicChange,
  fresh: LoadBalancer,
  remaining: readonly ClassicStep[] = change.steps,
): readonly string[] {
  return remaining.flatMap((step) => stepOutOfScope(step, change, fresh));
}

function stepOutOfScope(step: ClassicStep, change: ClassicChange, fresh: LoadBalancer): readonly string[] {
  if (step.call !== 'SetLoadBalancerPoliciesForBackendServer') {
    return step.policyTypeName === proxyProtocolPolicyType
      ? []
      : [`${step.call} of ${step.policyName}, which is a ${step.policyTypeName}`];
  }
  const isProxy = (name: string): boolean =>
    (fresh.policies ?? []).some(
      (policy) => policy.name === name && policy.type === proxyProtocolPolicyType,
    ) || change.steps.some((other) => other.call === 'CreateLoadBalancerPolicy' && other.policyName === name);
  const port = `instance port ${step.instancePort}`;
  const removed = step.before.filter((name) => !step.after.includes(name) && !isProxy(name));
  const added = step.after.filter((name) => !step.before.includes(name) && !isProxy(name));
  const order = sameList(
    step.before.filter((name) => step.after.includes(name)),
    step.after.filter((name) => step.before.includes(name)),
  );
  return [
    ...removed.map((name) => `take ${name}, which is not a PROXY policy, off ${port}`),
    ...added.map((name) => `put ${name}, which is not a PROXY policy, on ${port}`),
    ...(order ? [] : [`change the order of the policies on ${port}`]),
  ];
}

/** The ports on which a change would not do what its plan's action says; an undo may do either. */
export function againstAction(
  action: Action,
  change: ClassicChange,
  fresh: LoadBalancer,
  remaining: readonly ClassicStep[] = change.steps,
): readonly string[] {
  if (action === 'undo') return [];
  const made = change.steps.flatMap((step) =>
    step.call === 'CreateLoadBalancerPolicy' ? [step.policyName] : [],
  );
  const on = new Set([...policyNamesOfKind(fresh.policies, 'on'), ...made]);
  return remaining.flatMap((step) => {
    if (step.call !== 'SetLoadBalancerPoliciesForBackendServer') return [];
    const left = step.after.filter((name) => on.has(name));
    if (action === 'enable')
      return left.length > 0 ? [] : [`leave instance port ${step.instancePort} without a PROXY policy`];
    return left.length === 0 ? [] : [`leave ${left.join(', ')} on instance port ${step.instancePort}`];
  });
}
