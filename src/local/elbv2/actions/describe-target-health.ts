import type { ReadAction } from '../../action.js';
import { requiredString } from '../../request-parameters.js';
import { members } from '../../xml.js';
import { describeTarget } from '../describe.js';
import { getTargetGroup, loadBalancersOfGroup } from '../found.js';
import { askedTargets, sameTarget } from '../target-rules.js';
import { deregistering, notInUse, notRegistered, type TargetState } from '../target-state.js';

/** `DescribeTargetHealth`: of the registered targets and those that drain, or of those named, registered or not. */
export const describeTargetHealth: ReadAction = {
  kind: 'read',
  name: 'DescribeTargetHealth',
  run: (state, parameters, { region, targetHealth }) => {
    const group = getTargetGroup(state, region, requiredString(parameters, 'TargetGroupArn'));
    const asked = askedTargets(parameters, group);
    const draining = targetHealth.draining(group);
    const used = loadBalancersOfGroup(state, group.arn).length > 0;
    const stateOf = (target: (typeof asked)[number]): TargetState => {
      if (group.targets.some((one) => sameTarget(one, target))) {
        return used ? targetHealth.stateOf(group, target) : notInUse;
      }
      return draining.some((one) => sameTarget(one, target)) ? deregistering : notRegistered;
    };
    const { port } = group.healthCheck;
    return {
      TargetHealthDescriptions: members(
        (asked.length > 0 ? asked : [...group.targets, ...draining]).map((target) => {
          const { state: State, reason: Reason, description: Description } = stateOf(target);
          return {
            Target: describeTarget(target),
            HealthCheckPort: port === 'traffic-port' ? target.port : port,
            TargetHealth: { State, Reason, Description },
          };
        }),
      ),
    };
  },
};
