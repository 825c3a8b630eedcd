import type { Hazard } from '../../core/hazards.js';
import type { GroupState } from '../../core/network/group-state.js';
import type { NetworkChange } from '../../core/network/network-change.js';
import type { NetworkIdentity, NetworkLoadBalancer, TargetGroup } from '../../core/network-load-balancer.js';
import type { BackendResult } from '../../core/verify-result.js';
import type { Emit } from '../events.js';
import type { ElasticLoadBalancingV2 } from '../ports.js';

/** The hazards of switching a target group on, by what is read right before it. */
export function groupHazards(_change: NetworkChange, _fresh: GroupState): readonly Hazard[] {
  return [];
}

/** The hazards of each of some groups that are to be switched together. */
export function groupPlanHazards(
  _loadBalancer: NetworkLoadBalancer,
  _groups: readonly TargetGroup[],
  _purpose: 'on' | 'off',
  _results: ReadonlyMap<TargetGroup, readonly BackendResult[]>,
): (group: TargetGroup) => readonly Hazard[] {
  return () => [];
}

/** The hazards of a target group, with what they rest on read besides. */
export async function groupHazardsFor(
  _loadBalancer: NetworkIdentity,
  state: GroupState,
  _purpose: 'on' | 'off',
  _reading: { readonly api: ElasticLoadBalancingV2; readonly emit: Emit },
): Promise<{ readonly state: GroupState; readonly hazards: readonly Hazard[] }> {
  return { state, hazards: [] };
}
