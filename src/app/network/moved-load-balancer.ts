import type { Moved } from '../../core/drift.js';
import type { NetworkChange } from '../../core/network/network-change.js';
import type { NetworkIdentity } from '../../core/network-load-balancer.js';
import { movedError } from '../objection-to-change.js';
import { findIn, unlessGone } from '../pages.js';
import type { ElasticLoadBalancingV2 } from '../ports.js';

/**
 * The sign that a pinned Network Load Balancer is another one of the same ARN: AWS never gives an ARN twice, but services
 * of the same seed do. Empty if AWS itself is asked, the load balancer is gone, or a creation time is not known.
 */
export async function movedLoadBalancer(
  { name, arn, createdTime }: NetworkIdentity,
  api: Pick<ElasticLoadBalancingV2, 'describeLoadBalancers' | 'endpoint'>,
): Promise<readonly Moved[]> {
  if (api.endpoint === undefined || createdTime === undefined) return [];
  const found = await unlessGone(
    findIn(api.describeLoadBalancers([name]), (one) => one.arn === arn),
    'LoadBalancerNotFound',
    'not-a-network-load-balancer',
  );
  return found?.createdTime === undefined || found.createdTime === createdTime
    ? []
    : [{ what: 'creation time', expected: createdTime, found: found.createdTime }];
}

/**
 * Confirms that the DNS name in a plan is the load balancer's, because a guard connects to it. A group without a load
 * balancer has no address to confirm.
 * @throws ElbProxyError of code `stale-plan` if it is another one
 */
export async function confirmAddress(change: NetworkChange, api: ElasticLoadBalancingV2): Promise<void> {
  const { loadBalancer, targetGroup, steps } = change;
  if (targetGroup.loadBalancerArns.length === 0) return;
  const found = await findIn(
    api.describeLoadBalancers([loadBalancer.name]),
    ({ arn }) => arn === loadBalancer.arn,
  );
  if (found === undefined || found.dnsName === loadBalancer.dnsName) return;
  const moved = {
    what: 'its DNS name',
    expected: loadBalancer.dnsName ?? 'not given',
    found: found.dnsName ?? 'not given',
  };
  throw movedError(change, [moved], { wrote: false, remaining: steps });
}
