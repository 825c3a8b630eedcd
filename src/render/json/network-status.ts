import type { Hazard } from '../../core/hazards.js';
import {
  networkNotKnownOf,
  type TargetGroupStatus,
  targetGroupStatuses,
} from '../../core/network/network-status.js';
import type { NetworkLoadBalancer } from '../../core/network-load-balancer.js';
import { withoutUndefined } from '../../core/without-undefined.js';
import type { DocumentOf } from './document.js';
import type { targetGroup } from './network-status-schema.js';
import type { networkStatus } from './status-schema.js';

/** One target group of `status -o json`; what was not asked for, or not answered, is absent. */
export type TargetGroupEntry = DocumentOf<typeof targetGroup>;

/** One Network Load Balancer of `status -o json`. */
export type NetworkLoadBalancerStatus = DocumentOf<typeof networkStatus>;

/** One Network Load Balancer's part of the status document. */
export function networkLoadBalancerStatus(
  loadBalancer: NetworkLoadBalancer,
  hazards: readonly Hazard[],
): NetworkLoadBalancerStatus {
  const { kind, name, region, accountId, arn, dnsName, createdTime } = loadBalancer;
  const { scheme, vpcId, state, ipAddressType, listeners, targetGroups = [] } = loadBalancer;
  return withoutUndefined({
    kind,
    name,
    region,
    accountId,
    arn,
    dnsName,
    createdTime,
    scheme,
    vpcId,
    state,
    ipAddressType,
    listeners: listeners?.map((listener) => ({
      protocol: listener.protocol,
      port: listener.port,
      targetGroups: listener.targetGroups.map(({ arn: group, weight }) =>
        withoutUndefined({ arn: group, name: targetGroups.find((one) => one.arn === group)?.name, weight }),
      ),
    })),
    targetGroups: targetGroupStatuses(loadBalancer).map(groupEntry),
    notKnown: networkNotKnownOf(loadBalancer),
    hazards,
  });
}

function groupEntry({ group, proxyProtocol, isDefault, sends }: TargetGroupStatus): TargetGroupEntry {
  const { arn, name, protocol, port, targetType, ipAddressType, healthCheck, targets } = group;
  return withoutUndefined({
    arn,
    name,
    protocol,
    port,
    targetType,
    ipAddressType,
    proxyProtocol,
    isDefault,
    sends,
    healthCheck: healthCheck && withoutUndefined(healthCheck),
    targets: targets && {
      healthy: targets.filter(({ state }) => state === 'healthy').length,
      total: targets.length,
    },
  });
}
