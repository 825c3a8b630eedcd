import type { Moved } from '../../core/drift.js';
import type { NetworkIdentity } from '../../core/network-load-balancer.js';
import { findIn, unlessGone } from '../pages.js';
import type { ElasticLoadBalancingV2 } from '../ports.js';

/**
 * The sign that a pinned Network Load Balancer is another one of the same ARN: AWS never gives an ARN
 * twice, but two services of the same seed do, and one that was restarted. Nothing where AWS itself is asked, where the
 * load balancer is gone, or where one of the creation times is not known.
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
