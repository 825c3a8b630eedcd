import { type Action, read, write } from '../../action.js';
import { requiredString } from '../../request-parameters.js';
import { members } from '../../xml.js';
import { describeTarget } from '../describe.js';
import { getTargetGroup, loadBalancersOfGroup, replaceTargetGroup } from '../found.js';
import { askedTargets, parseTargets, sameTarget } from '../target-rules.js';
import { deregistering, notInUse, notRegistered, type TargetState } from '../target-state.js';

/** The actions about targets. */
export const targetActions: Readonly<Record<string, Action>> = {
  /** A target that is already registered stays as it is. */
  RegisterTargets: write((state, parameters, { region }) => {
    const group = getTargetGroup(state, region, requiredString(parameters, 'TargetGroupArn'));
    const targets = [...group.targets];
    for (const target of parseTargets(parameters, group)) {
      if (!targets.some((one) => sameTarget(one, target))) targets.push(target);
    }
    if (targets.length === group.targets.length) return { state, result: {} };
    return { state: replaceTargetGroup(state, { ...group, targets }), result: {} };
  }),
  /** A target that is not registered is not an error; one with a port of its own is named with it. */
  DeregisterTargets: write((state, parameters, { region }) => {
    const group = getTargetGroup(state, region, requiredString(parameters, 'TargetGroupArn'));
    const gone = parseTargets(parameters, group);
    const targets = group.targets.filter((one) => !gone.some((other) => sameTarget(one, other)));
    if (targets.length === group.targets.length) return { state, result: {} };
    return { state: replaceTargetGroup(state, { ...group, targets }), result: {} };
  }),
  /** The health of the registered targets and those that drain, or of those named, registered or not. */
  DescribeTargetHealth: read((state, parameters, { region, targetHealth }) => {
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
  }),
};
