import { groupSight, movedGroup } from '../../core/network/group-drift.js';
import { type GroupState, loadBalancersOf, rawValue } from '../../core/network/group-state.js';
import { invertModify, type ModifyAttributeStep } from '../../core/network/modify-step.js';
import type { NetworkChange } from '../../core/network/network-change.js';
import { doubt, type Objection, type Verdict } from '../objection.js';
import type { WrittenStep } from '../switched.js';

/** Why a target group's attribute must not be put back now; a value that reads as before is written again anyway. */
export function objectionToGroupBack(
  { step, seen, taken }: WrittenStep<ModifyAttributeStep>,
  change: NetworkChange,
  fresh: GroupState | undefined,
): Verdict<Objection> | undefined {
  if (fresh === undefined) return doubt('the service has no target group with that ARN');
  const { group } = fresh;
  // A group that has left its load balancer serves no traffic, so it is put back. On another one, others rely on it.
  const isOn = loadBalancersOf(group);
  const { loadBalancerArns } = change.targetGroup;
  if (
    isOn.length > 0 &&
    movedGroup({ targetGroup: { ...change.targetGroup, loadBalancerArns } }, fresh).length > 0
  )
    return {
      stop: { why: `the target group is on ${isOn.join(' and ')} now`, inDoubt: !seen },
      maybeOld: true,
    };
  const { kind } = groupSight(invertModify(step), fresh);
  if (kind === 'after' && taken && !seen) return doubt('no read has shown the value that was written');
  if (kind === 'other')
    return {
      stop: { why: `something else changed ${step.key} meanwhile: it is ${rawValue(group)}`, inDoubt: true },
      maybeOld: true,
    };
  return undefined;
}
