import type { LoadBalancer } from './model.js';
import { policyNamesOfKind } from './policy.js';

/**
 * The safe merge. SetLoadBalancerPoliciesForBackendServer replaces a port's whole list and the order counts,
 * so the new list is made from the present one: everything that must stay is carried over first.
 */
type Policies = Pick<LoadBalancer, 'policies'>;

/** The present list with a PROXY policy, `policyName` at its end if it has none, and without contradicting ones. */
export function withProxyPolicy(
  present: readonly string[],
  loadBalancer: Policies,
  policyName: string,
): readonly string[] {
  const on = policyNamesOfKind(loadBalancer.policies, 'on');
  const off = policyNamesOfKind(loadBalancer.policies, 'off');
  const kept = present.filter((name) => !off.includes(name));
  return kept.some((name) => on.includes(name)) ? kept : [...kept, policyName];
}

/** The list without any policy that makes the load balancer send the PROXY line. */
export function withoutProxyPolicies(present: readonly string[], loadBalancer: Policies): readonly string[] {
  const on = policyNamesOfKind(loadBalancer.policies, 'on');
  return present.filter((name) => !on.includes(name));
}

/** Whether two lists are the same policies in the same order. */
export function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}

/** Sorts the names that are also in `order` as they are there; the others keep their places. */
export function inOrderOf(order: readonly string[], list: readonly string[]): readonly string[] {
  const shared = order.filter((name) => list.includes(name));
  let next = 0;
  return list.map((name) => (shared.includes(name) ? (shared[next++] ?? name) : name));
}
