import { groupDrift, groupSight, movedGroup } from '../../core/network/group-drift.js';
import { type GroupState, loadBalancersOf, valueOf } from '../../core/network/group-state.js';
import { invertModify, type ModifyAttributeStep } from '../../core/network/modify-step.js';
import { type NetworkChange, networkChange } from '../../core/network/network-change.js';
import { ElbProxyError } from '../../errors.js';
import {
  anotherOne,
  holdToEndpoint,
  leftOtherwise,
  type UndoDependencies,
  type Undoing,
  type Undone,
} from '../undoing.js';
import { groupHazardsFor } from './group-hazards.js';
import { movedLoadBalancer } from './moved-load-balancer.js';
import { readGroup } from './read-group.js';

/** The change that undoes a target group's change. */
export async function undoneGroup(
  undoing: Undoing<NetworkChange, ModifyAttributeStep>,
  { networkApi, clock, emit }: UndoDependencies,
): Promise<Undone> {
  const { entry, made, standing, young } = undoing;
  const { loadBalancer, targetGroup } = made;
  const { name, region } = loadBalancer;
  if (networkApi === undefined)
    throw new ElbProxyError(
      `change ${entry.changeId} is about a Network Load Balancer, and no API for them was given`,
      { code: 'no-network-api', fault: 'user' },
    );
  const api = await networkApi(region);
  const { endpoint } = api;
  holdToEndpoint(undoing, endpoint);
  const [{ fresh }, anotherTime] = await Promise.all([
    readGroup(api, loadBalancer, targetGroup.arn, clock, 'replaced-last'),
    movedLoadBalancer(loadBalancer, api),
  ]);
  if (fresh === undefined)
    return { endpoint, gone: `target group ${targetGroup.name} of load balancer ${name} (${region})` };
  // If there is nothing to put back, the group's state does not matter.
  if (standing.length === 0) return { endpoint, change: networkChange(loadBalancer, fresh, [], []) };
  const moved = [...anotherTime, ...movedGroup(asItIs(made, fresh), fresh)];
  if (moved.length > 0) throw anotherOne(entry, made, moved);
  const steps = standing.flatMap((step) => neededStep(invertModify(step), fresh, young));
  const drifted = groupDrift(asItIs(made, fresh), steps, fresh);
  if (drifted.length > 0)
    throw leftOtherwise(entry, loadBalancer, drifted, { 'target-group': targetGroup.name });
  if (steps.length > 0 && standing.some(({ before }) => before === null))
    emit({
      code: 'warning',
      message: `${standing[0]?.key} was not set on target group ${targetGroup.name} before change ${entry.changeId}: it can't be taken away again, so false, its default, is written`,
    });
  const purpose = steps.some(({ after }) => after === 'true') ? ('on' as const) : ('off' as const);
  const found = await groupHazardsFor(loadBalancer, fresh, purpose, { api, emit });
  // Blockers stop enable only: an undo puts back what someone had decided. The plan shows what it overrules.
  const forced = found.hazards.filter(({ level }) => level === 'blocker').map(({ code }) => code);
  return { endpoint, change: networkChange(loadBalancer, found.state, steps, found.hazards, forced) };
}

/** A group that has left its load balancer is still the changed one; it is put back wherever it is. */
function asItIs(made: NetworkChange, { group }: GroupState): NetworkChange {
  return loadBalancersOf(group).length === 0
    ? { ...made, targetGroup: { ...made.targetGroup, loadBalancerArns: [] } }
    : made;
}

/** A value that already reads as before is written once more if the change is recent: the read may be stale. */
function neededStep(
  step: ModifyAttributeStep,
  fresh: GroupState,
  young: boolean,
): readonly ModifyAttributeStep[] {
  const found = valueOf(fresh.group);
  if (groupSight(step, fresh).kind !== 'after') return [step];
  return young && found !== undefined ? [{ ...step, before: found }] : [];
}
