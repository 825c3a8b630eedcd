import { otherAccount, sameEndpoint } from './caller.js';
import type { LoadBalancerIdentity } from './model.js';
import type { Plan, PlanChange } from './plan.js';

/**
 * Whether changes of two plans are certainly about the same load balancer: its identity and endpoint are the same, and the
 * accounts are not known to differ. Different accounts use the same names.
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

/** The identity of a load balancer of either kind. */
interface Named extends LoadBalancerIdentity {
  readonly kind?: 'classic' | 'network' | undefined;
  readonly arn?: string | undefined;
}

/**
 * The change in a plan that is about the same load balancer as a change of another plan; for a Network Load Balancer,
 * about the same target group, wherever that is now. If the load balancer is the same, its creation time must be, too.
 */
export function sameChange(plan: Plan, change: PlanChange, other: Plan): PlanChange | undefined {
  return plan.changes.find((own) =>
    own.targetGroup === undefined
      ? change.targetGroup === undefined &&
        sameLoadBalancer(own.loadBalancer, plan, change.loadBalancer, other)
      : own.targetGroup.arn === change.targetGroup?.arn &&
        !otherTime(own.loadBalancer, change.loadBalancer) &&
        sameEndpoint(plan.endpoint, other.endpoint) &&
        !otherAccount(plan.caller, other.caller),
  );
}

/** An ARN that was given twice: by services of the same seed, or by one that was restarted. */
function otherTime(a: Named, b: Named): boolean {
  return (
    a.arn === b.arn &&
    a.createdTime !== undefined &&
    b.createdTime !== undefined &&
    a.createdTime !== b.createdTime
  );
}
