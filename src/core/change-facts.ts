import type { PlanChange } from './plan-change.js';
import type { SetPoliciesStep, Step } from './step.js';

/** The changes of a plan or report in which something is to be done. */
export function pendingChanges<C extends { readonly steps: readonly unknown[] }>({
  changes,
}: {
  readonly changes: readonly C[];
}): readonly C[] {
  return changes.filter(({ steps }) => steps.length > 0);
}

/** How many load balancers some changes are about: of a Network Load Balancer, each target group is a change of its own. */
export function loadBalancerCount(changes: readonly Pick<PlanChange, 'loadBalancer'>[]): number {
  return new Set(
    changes.map(({ loadBalancer: { kind = 'classic', region, name } }) => `${kind}/${region}/${name}`),
  ).size;
}

/** The changes of each load balancer, in their order: those of its target groups together. */
export function byLoadBalancer<C extends Pick<PlanChange, 'loadBalancer'>>(
  changes: readonly C[],
): readonly (readonly [C, ...C[]])[] {
  const found: [C, ...C[]][] = [];
  for (const change of changes) {
    const last = found.at(-1);
    if (last !== undefined && loadBalancerCount([last[0], change]) === 1) last.push(change);
    else found.push([change]);
  }
  return found;
}

/** The steps that replace a list, with whatever else a report says of them. */
export function setSteps<S extends Step>(
  steps: readonly S[],
): readonly (SetPoliciesStep & Omit<S, keyof Step>)[] {
  return steps.filter((step) => step.call === 'SetLoadBalancerPoliciesForBackendServer') as never;
}

/** The instance ports whose lists are replaced, in the order of the steps. */
export function writtenPorts(steps: readonly Step[]): readonly number[] {
  return setSteps(steps).map(({ instancePort }) => instancePort);
}

/** Names of the policies that steps make. */
export function createdPolicies(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step) => (step.call === 'CreateLoadBalancerPolicy' ? [step.policyName] : []));
}

/** Names of the policies that steps delete. */
export function deletedPolicies(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step) => (step.call === 'DeleteLoadBalancerPolicy' ? [step.policyName] : []));
}

/** Policies that leave a port, and stay on the load balancer. */
export function stayingPolicies(steps: readonly Step[]): readonly string[] {
  const deleted = deletedPolicies(steps);
  const left = setSteps(steps).flatMap(({ before, after }) => before.filter((name) => !after.includes(name)));
  return [...new Set(left)].filter((name) => !deleted.includes(name));
}

/** The ports that were asked for and need no call. */
export function unwrittenPorts({
  steps,
  affects,
}: {
  readonly steps: readonly Step[];
  readonly affects: { readonly instancePorts: readonly number[] };
}): readonly number[] {
  const written = writtenPorts(steps);
  return affects.instancePorts.filter((port) => !written.includes(port));
}
