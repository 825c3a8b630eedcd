import { nextCommand } from '../core/next-command.js';
import { type ElbProxyError, worldError } from '../errors.js';
import { type Hold, holdOf, lockPolicyName } from './lock-policy.js';
import type { ElasticLoadBalancing, LockTarget } from './ports.js';

/** The state of the lock's name on a load balancer: free, a lock, or a policy that is not a lock. */
export type LockSight =
  | { readonly kind: 'none' }
  | { readonly kind: 'hold'; readonly hold: Hold }
  | { readonly kind: 'foreign'; readonly policyTypeName: string };

/** Reads who holds a load balancer's lock. */
export async function lockSight(api: ElasticLoadBalancing, name: string): Promise<LockSight> {
  const policies = await api.describeLoadBalancerPolicies(name);
  const found = policies.find((policy) => policy.name === lockPolicyName);
  if (found === undefined) return { kind: 'none' };
  const hold = holdOf(found);
  return hold === undefined ? { kind: 'foreign', policyTypeName: found.type } : { kind: 'hold', hold };
}

/** A policy that this tool did not create has the lock's name: we must not wait for it or delete it. */
export function noLockError({ name, region }: LockTarget, policyTypeName: string): ElbProxyError {
  return worldError(
    `the policy ${lockPolicyName} of load balancer ${name} (${region}) is not a lock of this tool but a ${policyTypeName}; it was left as it is`,
    'lock-name-taken',
    `see what it is with: ${nextCommand('policies', [name], { region })}`,
  );
}
