import type { NetworkChange } from '../../core/network/network-change.js';
import { movedError } from '../objection-to-change.js';
import { findIn } from '../pages.js';
import type { ElasticLoadBalancingV2 } from '../ports.js';

/**
 * Confirms that the DNS name in a plan is the load balancer's: a guard connects to it, and a guard that watched another
 * place would prove nothing. A group without a load balancer has no address to connect to.
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
