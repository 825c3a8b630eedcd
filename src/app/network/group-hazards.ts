import { networkHazards } from '../../core/hazards/network/network-hazards.js';
import { targetBackendHazards } from '../../core/hazards/network/target-backends.js';
import { sortedHazards } from '../../core/hazards/sorted-hazards.js';
import type { Hazard } from '../../core/hazards.js';
import { type GroupState, loadBalancersOf } from '../../core/network/group-state.js';
import type { NetworkChange } from '../../core/network/network-change.js';
import type { NetworkIdentity, NetworkLoadBalancer, TargetGroup } from '../../core/network-load-balancer.js';
import type { BackendResult } from '../../core/verify-result.js';
import type { Emit } from '../events.js';
import { readTargetGroup } from '../inspect-target-group.js';
import { optionalRead } from '../optional-read.js';
import type { ElasticLoadBalancingV2 } from '../ports.js';

/** The hazards of switching a target group on, from the read right before it, which has neither targets nor tags. */
export function groupHazards(
  { loadBalancer }: NetworkChange,
  { group, listeners }: GroupState,
): readonly Hazard[] {
  return networkHazards(
    { ...loadBalancer, listeners, targetGroups: [group] },
    { purpose: 'on', targetGroups: [group.arn], asked: false },
  );
}

/** The hazards of each of some groups that are switched together, with the results of probing their targets. */
export function groupPlanHazards(
  loadBalancer: NetworkLoadBalancer,
  groups: readonly TargetGroup[],
  purpose: 'on' | 'off',
  results: ReadonlyMap<TargetGroup, readonly BackendResult[]>,
): (group: TargetGroup) => readonly Hazard[] {
  const { targetGroups = [] } = loadBalancer;
  const others = groups.filter(({ arn }) => !targetGroups.some((own) => own.arn === arn));
  const found = networkHazards(
    { ...loadBalancer, targetGroups: [...targetGroups, ...others] },
    { purpose, targetGroups: groups.map(({ arn }) => arn), asked: true },
  );
  return (group) => {
    const known = found.filter(({ targetGroup }) => targetGroup === undefined || targetGroup === group.name);
    // Hazards that the ports already show are not repeated for the probes.
    const seen = targetBackendHazards(purpose, group, results.get(group) ?? [], loadBalancer).filter(
      ({ code, targetGroup }) => !known.some((one) => one.code === code && one.targetGroup === targetGroup),
    );
    return sortedHazards([...known, ...seen]);
  };
}

/** The hazards of a target group that was read alone; reads the rest that they depend on. */
export async function groupHazardsFor(
  loadBalancer: NetworkIdentity,
  state: GroupState,
  purpose: 'on' | 'off',
  { api, emit }: { readonly api: ElasticLoadBalancingV2; readonly emit: Emit },
): Promise<{ readonly state: GroupState; readonly hazards: readonly Hazard[] }> {
  const { arn } = state.group;
  // It does not matter who manages a load balancer that the group is not on.
  const isOn = loadBalancersOf(state.group).includes(loadBalancer.arn);
  const tags = optionalRead(api.describeTags(isOn ? [loadBalancer.arn, arn] : [arn]), emit);
  const read = await readTargetGroup(api, state.group, {
    detail: 'all',
    emit,
    tags,
    inTurn: (work) => work(),
  });
  const { value } = await tags;
  // The plan is pinned to the earlier read.
  const group = { ...state.group, targets: read?.targets, tags: read?.tags, notRead: read?.notRead };
  const whole = { ...state, group };
  const hazards = networkHazards(
    {
      ...loadBalancer,
      tags: isOn ? value?.get(loadBalancer.arn) : [],
      listeners: state.listeners,
      targetGroups: [group],
    },
    { purpose, targetGroups: [arn], asked: true },
  );
  return { state: whole, hazards };
}
