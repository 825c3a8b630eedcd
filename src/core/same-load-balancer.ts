import { otherAccount } from './caller.js';
import type { LoadBalancerIdentity } from './model.js';
import type { Plan, PlanChange } from './plan.js';

/**
 * Whether a change of one plan is known to be about the same load balancer as one of another: name, region, DNS name,
 * creation time, owner and endpoint are the same, and nothing says that the accounts are not. Names alone say nothing:
 * accounts share them.
 */
export function sameLoadBalancer(
  a: LoadBalancerIdentity,
  of: Pick<Plan, 'caller' | 'endpoint'>,
  b: LoadBalancerIdentity,
  other: Pick<Plan, 'caller' | 'endpoint'>,
): boolean {
  return (
    (['name', 'region', 'dnsName', 'createdTime', 'accountId'] as const).every(
      (field) => a[field] === b[field],
    ) &&
    of.endpoint === other.endpoint &&
    !otherAccount(of.caller, other.caller)
  );
}

/** The change of a plan that is about the same load balancer as a change of another plan. */
export function sameChange(plan: Plan, change: PlanChange, other: Plan): PlanChange | undefined {
  return plan.changes.find((own) => sameLoadBalancer(own.loadBalancer, plan, change.loadBalancer, other));
}
