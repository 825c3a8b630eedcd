import type { LoadBalancer } from '../core/model.js';
import { ElbProxyError } from '../errors.js';
import type { ElasticLoadBalancing } from './ports.js';

/**
 * One load balancer as it is now, with its policies; undefined where none of that name exists.
 * Two calls: the policies' types, then the lists. A list is what a write replaces, so it is read last: whatever
 * somebody else writes until then is seen.
 */
export async function readLoadBalancer(
  api: ElasticLoadBalancing,
  name: string,
): Promise<LoadBalancer | undefined> {
  try {
    const policies = await api.describeLoadBalancerPolicies(name);
    for await (const page of api.describeLoadBalancers([name])) {
      const found = page.find((loadBalancer) => loadBalancer.name === name);
      if (found !== undefined) return { ...found, policies };
    }
    return undefined;
  } catch (error) {
    if (error instanceof ElbProxyError && error.code === 'LoadBalancerNotFound') return undefined;
    throw error;
  }
}
