import { otherAccount, sameEndpoint } from './caller.js';
import type { LoadBalancerIdentity } from './model.js';
import type { Plan, PlanChange } from './plan.js';

/**
 * Whether a change of one plan is known to be about the same load balancer as one of another: name, region, DNS name,
 * creation time, owner and endpoint are the same, and nothing says that the accounts are not. Names alone say nothing:
 * accounts share them.
 */
export function sameLoadBalancer(
  a: Named,
  of: Pick<Plan, 'caller' | 'endpoint'>,
  b: Named,
  other: Pick<Plan, 'caller' | 'endpoint'>,
): boolean {
  return (
    (a.kind ?? 'classic') === (b.kind ?? 'classic') &&
    a.arn === b.arn &&
    (['name', 'region', 'dnsName', 'createdTime', 'accountId'] as const).every(
      (field) => a[field] === b[field],
    ) &&
    sameEndpoint(of.endpoint, other.endpoint) &&
    !otherAccount(of.caller, other.caller)
  );
}

/** What both kinds of load balancers are known by. */
interface Named extends LoadBalancerIdentity {
  readonly kind?: 'classic' | 'network' | undefined;
  readonly arn?: string | undefined;
}

/**
 * The change of a plan that is about the same load balancer as a change of another plan; of a Network Load Balancer, about
 * the same target group, wherever that is now.
 */
export function sameChange(plan: Plan, change: PlanChange, other: Plan): PlanChange | undefined {
  return plan.changes.find((own) =>
    own.targetGroup === undefined
      ? change.targetGroup === undefined &&
        sameLoadBalancer(own.loadBalancer, plan, change.loadBalancer, other)
      : own.targetGroup.arn === change.targetGroup?.arn &&
        sameEndpoint(plan.endpoint, other.endpoint) &&
        !otherAccount(plan.caller, other.caller),
  );
}
