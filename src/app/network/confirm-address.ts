import type { NetworkChange } from '../../core/network/network-change.js';
import { movedError } from '../objection-to-change.js';
import type { ElasticLoadBalancingV2 } from '../ports.js';

/**
 * Confirms that the DNS name in a plan is the load balancer's: a guard connects to it, and a guard that watched another
 * place would prove nothing. A group without a load balancer has no address to connect to.
 * @throws ElbProxyError of code `stale-plan` if it is another one
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
