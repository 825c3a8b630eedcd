import type { Hazard } from '../../core/hazards.js';
import {
  type NetworkNotKnown,
  networkNotKnownOf,
  type TargetGroupStatus,
  targetGroupStatuses,
} from '../../core/network/network-status.js';
import type {
  NetworkIdentity,
  NetworkLoadBalancer,
  TargetGroup,
  TargetGroupHealthCheck,
} from '../../core/network-load-balancer.js';
import { known } from './known.js';

/** One target group of `status -o json`; what was not asked for, or not answered, is absent. */
export interface TargetGroupEntry
  extends Pick<TargetGroup, 'arn' | 'name' | 'protocol' | 'port' | 'targetType' | 'ipAddressType'>,
    Pick<TargetGroupStatus, 'proxyProtocol' | 'isDefault' | 'sends'> {
  readonly healthCheck?: TargetGroupHealthCheck | undefined;
  readonly targets?: { readonly healthy: number; readonly total: number } | undefined;
}

/** A listener with the names of its groups, where they are on this load balancer. */
export interface NetworkListenerEntry {
  readonly protocol: string;
  readonly port: number;
  readonly targetGroups: readonly {
    readonly arn: string;
    readonly name?: string | undefined;
    readonly weight?: number | undefined;
  }[];
}

/** One Network Load Balancer of `status -o json`. */
export interface NetworkLoadBalancerStatus extends NetworkIdentity {
  readonly scheme?: string | undefined;
  readonly vpcId?: string | undefined;
  readonly state?: string | undefined;
  readonly ipAddressType?: string | undefined;
  /** Absent where they are not known. */
  readonly listeners?: readonly NetworkListenerEntry[] | undefined;
  /** Those whose state is known, by name. */
  readonly targetGroups: readonly TargetGroupEntry[];
  readonly notKnown?: NetworkNotKnown | undefined;
  readonly hazards: readonly Hazard[];
}

/** A Network Load Balancer that was read, with the hazards that were found for it. */
export interface InspectedNetworkLoadBalancer {
  readonly loadBalancer: NetworkLoadBalancer;
  readonly hazards: readonly Hazard[];
}

/** One Network Load Balancer's part of the status document. */
export function networkLoadBalancerStatus({
  loadBalancer,
  hazards,
}: InspectedNetworkLoadBalancer): NetworkLoadBalancerStatus {
  const { kind, name, region, accountId, arn, dnsName, createdTime } = loadBalancer;
  const { scheme, vpcId, state, ipAddressType, listeners, targetGroups = [] } = loadBalancer;
  return known({
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
        known({ arn: group, name: targetGroups.find((one) => one.arn === group)?.name, weight }),
      ),
    })),
    targetGroups: targetGroupStatuses(loadBalancer).map(groupEntry),
    notKnown: networkNotKnownOf(loadBalancer),
    hazards,
  });
}

function groupEntry({ group, proxyProtocol, isDefault, sends }: TargetGroupStatus): TargetGroupEntry {
  const { arn, name, protocol, port, targetType, ipAddressType, healthCheck, targets } = group;
  return known({
    arn,
    name,
    protocol,
    port,
    targetType,
    ipAddressType,
    proxyProtocol,
    isDefault,
    sends,
    healthCheck: healthCheck && known(healthCheck),
    targets: targets && {
      healthy: targets.filter(({ state }) => state === 'healthy').length,
      total: targets.length,
    },
  });
}
