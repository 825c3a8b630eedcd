import { type Hazard, type HazardCode, overruledOf } from '../hazards.js';
import type { NetworkIdentity, TargetGroup } from '../network-load-balancer.js';
import { withoutUndefined } from '../without-undefined.js';
import { type GroupState, loadBalancersOf } from './group-state.js';
import type { ModifyAttributeStep } from './modify-step.js';

/** A target group as a plan shows it, and is pinned to it. */
export interface PlannedTargetGroup
  extends Pick<TargetGroup, 'arn' | 'name' | 'protocol' | 'port' | 'targetType' | 'healthCheck'> {
  /** The load balancers that it is on: one, or none. */
  readonly loadBalancerArns: readonly string[];
}

/** A listener that forwards to the group. */
export interface ForwardingListener {
  readonly protocol: string;
  readonly port: number;
}

/** The blast radius of switching a target group. */
export interface NetworkAffected {
  readonly listeners: readonly ForwardingListener[];
  /** Absent if the targets' health is not known. */
  readonly targets?: { readonly healthy: number; readonly total: number } | undefined;
}

/** The change to one target group of a Network Load Balancer; no step where the goal already holds. */
export interface NetworkChange {
  readonly loadBalancer: NetworkIdentity;
  readonly targetGroup: PlannedTargetGroup;
  readonly affects: NetworkAffected;
  readonly steps: readonly ModifyAttributeStep[];
  readonly hazards: readonly Hazard[];
  readonly forced: readonly HazardCode[];
}

/** One target group's part of a plan. */
export function networkChange(
  loadBalancer: NetworkIdentity,
  state: GroupState,
  steps: readonly ModifyAttributeStep[],
  hazards: readonly Hazard[],
  forced: readonly HazardCode[] = [],
): NetworkChange {
  return {
    loadBalancer: networkIdentityOf(loadBalancer),
    targetGroup: plannedGroup(state.group),
    affects: withoutUndefined({ listeners: forwardingListeners(state), targets: targetCount(state.group) }),
    steps,
    hazards,
    forced: overruledOf(hazards, forced),
  };
}

function networkIdentityOf(loadBalancer: NetworkIdentity): NetworkIdentity {
  const { kind, name, region, accountId, dnsName, createdTime, arn } = loadBalancer;
  return { kind, name, region, accountId, dnsName, createdTime, arn };
}

/** The listeners that forward to a group, by port, as a plan shows them. */
export function forwardingListeners({ listeners }: GroupState): readonly ForwardingListener[] {
  return listeners
    .map(({ protocol, port }) => ({ protocol, port }))
    .toSorted((a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : 1));
}

function plannedGroup(group: TargetGroup): PlannedTargetGroup {
  const { arn, name, protocol, port, targetType, healthCheck } = group;
  const loadBalancerArns = loadBalancersOf(group);
  return withoutUndefined({ arn, name, protocol, port, targetType, healthCheck, loadBalancerArns });
}

/** How many targets there are and how many are healthy; absent if that is not known. */
function targetCount({ targets }: TargetGroup): NetworkAffected['targets'] {
  if (targets === undefined) return undefined;
  return { healthy: targets.filter(({ state }) => state === 'healthy').length, total: targets.length };
}
