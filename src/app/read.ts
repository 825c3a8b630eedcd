import type { LoadBalancer } from '../core/model.js';
import { ElbProxyError } from '../errors.js';
import type { ElasticLoadBalancing } from './ports.js';

/**
 * One load balancer as it is now, with its policies; undefined where none of that name exists.
 * Two calls: the lists, then the policies' types.
 */
export async function readLoadBalancer(
  api: ElasticLoadBalancing,
  name: string,
): Promise<LoadBalancer | undefined> {
  try {
    for await (const page of api.describeLoadBalancers([name])) {
      const found = page.find((loadBalancer) => loadBalancer.name === name);
      if (found !== undefined) return { ...found, policies: await api.describeLoadBalancerPolicies(name) };
    }
    return undefined;
  } catch (error) {
    if (error instanceof ElbProxyError && error.code === 'LoadBalancerNotFound') return undefined;
    throw error;
  }
}
