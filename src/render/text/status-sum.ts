import type { InstancePortStatus } from '../../core/status.js';
import type { LoadBalancerStatus } from '../json/status.js';

/** What is counted over all load balancers, so that none of them has to be kept. */
export interface StatusSum {
  readonly loadBalancers: number;
  readonly instancePorts: number;
  /** Where at least some connections carry the line. */
  readonly enabled: number;
  /** Where the policy is on and nothing carries the line. */
  readonly unsent: number;
  readonly conflicting: number;
  /** Where the service left out what would say it. */
  readonly notKnown: number;
}

/** The sum over no load balancers. */
export const emptySum: StatusSum = {
  loadBalancers: 0,
  instancePorts: 0,
  enabled: 0,
  unsent: 0,
  conflicting: 0,
  notKnown: 0,
};

/** The sum with one more load balancer. */
export function addToSum(sum: StatusSum, { instancePorts, notKnown }: LoadBalancerStatus): StatusSum {
  const count = (matches: (port: InstancePortStatus) => boolean): number =>
    instancePorts.filter(matches).length;
  const unknown = notKnown?.instancePorts.length ?? 0;
  return {
    loadBalancers: sum.loadBalancers + 1,
    instancePorts: sum.instancePorts + instancePorts.length + unknown,
    enabled: sum.enabled + count((port) => port.proxyProtocol === 'enabled' && port.sends !== 'none'),
    unsent: sum.unsent + count((port) => port.proxyProtocol === 'enabled' && port.sends === 'none'),
    conflicting: sum.conflicting + count((port) => port.proxyProtocol === 'conflicting'),
    notKnown: sum.notKnown + unknown,
  };
}

/** What is to be said of the ports of a sum, besides those where the line is sent: `, conflicting on 2`; may be empty. */
export function exceptions({ unsent, conflicting, notKnown }: StatusSum): string {
  return (
    (unsent === 0 ? '' : `, on but not sent on ${unsent}`) +
    (conflicting === 0 ? '' : `, conflicting on ${conflicting}`) +
    (notKnown === 0 ? '' : `, not known on ${notKnown}`)
  );
}
