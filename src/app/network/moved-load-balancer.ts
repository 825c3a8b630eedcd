import type { Moved } from '../../core/drift.js';
import type { NetworkIdentity } from '../../core/network-load-balancer.js';
import { ElbProxyError } from '../../errors.js';
import type { ElasticLoadBalancingV2 } from '../ports.js';

/**
 * What says that a pinned Network Load Balancer is another one although its ARN is the same: AWS never gives an ARN
 * twice, but two services of the same seed do, and one that was restarted. Nothing where AWS itself is asked, where the
 * load balancer is gone, or where one of the creation times is not known.
 */
export async function movedLoadBalancer(
  { name, arn, createdTime }: NetworkIdentity,
  api: Pick<ElasticLoadBalancingV2, 'describeLoadBalancers' | 'endpoint'>,
): Promise<readonly Moved[]> {
  if (api.endpoint === undefined || createdTime === undefined) return [];
  try {
    for await (const page of api.describeLoadBalancers([name])) {
      const found = page.find((one) => one.arn === arn)?.createdTime;
      if (found !== undefined && found !== createdTime)
        return [{ what: 'creation time', expected: createdTime, found }];
    }
    return [];
  } catch (error) {
    if (error instanceof ElbProxyError && notThere.has(error.code)) return [];
    throw error;
  }
}

const notThere: ReadonlySet<string> = new Set(['LoadBalancerNotFound', 'not-a-network-load-balancer']);
