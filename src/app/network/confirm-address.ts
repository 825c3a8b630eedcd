import type { NetworkChange } from '../../core/network/network-change.js';
import { movedError } from '../objection-to-change.js';
import type { ElasticLoadBalancingV2 } from '../ports.js';

/**
 * Confirms that the DNS name a plan gives is the load balancer's: a guard connects to it, and one that watched another
 * place would pass for nothing. A group on no load balancer has no place that is connected to.
 * @throws ElbProxyError of code `stale-plan` where it is another one
 */
export async function confirmAddress(change: NetworkChange, api: ElasticLoadBalancingV2): Promise<void> {
  const { loadBalancer, targetGroup, steps } = change;
  if (targetGroup.loadBalancerArns.length === 0) return;
  for await (const page of api.describeLoadBalancers([loadBalancer.name])) {
    const found = page.find(({ arn }) => arn === loadBalancer.arn);
    if (found === undefined || found.dnsName === loadBalancer.dnsName) continue;
    const moved = {
      what: 'its DNS name',
      expected: loadBalancer.dnsName ?? 'not given',
      found: found.dnsName ?? 'not given',
    };
    throw movedError(change, [moved], { wrote: false, remaining: steps });
  }
}
