import {
  groupDrift,
  groupSight,
  movedForwarding,
  movedGroup,
  movedValue,
} from '../../core/network/group-drift.js';
import { againstGroupAction, outOfGroupScope } from '../../core/network/group-scope.js';
import { type GroupState, simulateModify } from '../../core/network/group-state.js';
import { invertModify, type ModifyAttributeStep } from '../../core/network/modify-step.js';
import type { NetworkChange } from '../../core/network/network-change.js';
import { objectionToChange } from '../objection-to-change.js';
import type { ElasticLoadBalancingV2 } from '../ports.js';
import type { Switched } from '../switched.js';
import { groupHazards } from './group-hazards.js';
import { confirmAddress, movedLoadBalancer } from './moved-load-balancer.js';
import { objectionToGroupBack } from './objection-to-group-back.js';
import { readGroup } from './read-group.js';

/** A target group of a Network Load Balancer, with its one attribute. */
export function switchedGroup(
  change: NetworkChange,
  api: ElasticLoadBalancingV2,
): Switched<ModifyAttributeStep, GroupState> {
  const { loadBalancer, targetGroup } = change;
  const { readyToWrite } = api;
  return {
    loadBalancer,
    endpoint: api.endpoint,
    maxAttempts: api.maxAttempts,
    readyToWrite: readyToWrite && (() => readyToWrite.call(api)),
    confirmAddress: () => confirmAddress(change, api),
    movedBefore: () => movedLoadBalancer(loadBalancer, api),
    effectOf: (error) => api.effectOf(error),
    read: (clock, order) => readGroup(api, loadBalancer, targetGroup.arn, clock, order),
    movedFrom: (fresh) => movedGroup(change, fresh),
    sightOf: groupSight,
    without: (step, fresh) => simulateModify(fresh, invertModify(step)),
    call: ({ targetGroupArn, key, after }, maySend) =>
      api.modifyTargetGroupAttributes(targetGroupArn, key, after, maySend),
    objection: (fresh, progress) => {
      const { remaining, done, action } = progress;
      return objectionToChange(change, fresh, progress, {
        moved: () => groupDrift(change, remaining, fresh),
        undone: (found) => movedValue(change, done, found),
        touched: (found) => movedForwarding(change, found),
        beyond: () => outOfGroupScope(change, remaining),
        against: () => againstGroupAction(action, change, remaining),
        hazards: (found) =>
          change.steps.some(({ after }) => after === 'true') ? groupHazards(change, found) : [],
        only: 'of a target group this tool only sets proxy_protocol_v2.enabled',
        option: '--target-group GROUP',
      });
    },
    objectionBack: (standing, fresh) => objectionToGroupBack(standing, change, fresh),
  };
}
