import { optionalStructure, requiredStructureList, structureList } from '../request-lists.js';
import { optionalInteger, type Parameters, requiredString } from '../request-parameters.js';
import { invalidConfigurationV2, ServiceError, validationError } from '../service-error.js';
import type { State } from '../shapes.js';
import { getTargetGroup, loadBalancersOfGroup } from './found.js';
import { groupProtocols, isHttp } from './protocol-rules.js';
import type { LoadBalancerV2, ProtocolV2, TargetGroupV2, WeightedGroup } from './shapes.js';

const kinds = [
  'forward',
  'authenticate-oidc',
  'authenticate-cognito',
  'redirect',
  'fixed-response',
  'jwt-validation',
];

function weightedGroups(action: Parameters, at: string): readonly WeightedGroup[] {
  const config = optionalStructure(action, 'ForwardConfig');
  const listed = config === undefined ? [] : structureList(config, 'TargetGroups');
  const groups = listed.map((one, index) => {
    const here = `${at}.forwardConfig.targetGroups.${index + 1}.member`;
    const arn = requiredString(one, 'TargetGroupArn', `${here}.targetGroupArn`);
    return { arn, weight: optionalInteger(one, 'Weight', { min: 0, max: 999 }, `${here}.weight`) ?? 1 };
  });
  const arn = action.get('TargetGroupArn') ?? '';
  if (groups.length === 0) {
    if (arn === '') throw validationError('A target group ARN must be specified');
    return [{ arn, weight: 1 }];
  }
  if (arn !== '' && (groups.length > 1 || groups[0]?.arn !== arn)) {
    throw validationError(
      'You can only specify a target group ARN that matches the one in the forward config',
    );
  }
  const twice = groups.find((one, index) => groups.findIndex((other) => other.arn === one.arn) !== index);
  if (twice !== undefined) {
    throw validationError(`Target group '${twice.arn}' is specified more than once in the forward config`);
  }
  // The quota of target groups for each action.
  if (groups.length > 5) {
    throw new ServiceError('TooManyTargets', 'An action can forward to at most 5 target groups');
  }
  return groups;
}

/** The groups that a request's `DefaultActions` forward to. Every other action is an Application Load Balancer's. */
export function parseForward(parameters: Parameters): readonly WeightedGroup[] {
  const actions = requiredStructureList(parameters, 'DefaultActions');
  const at = 'defaultActions.1.member';
  const [action] = actions;
  if (action === undefined || actions.length > 1) {
    throw new ServiceError('TooManyActions', 'A listener can have one default action');
  }
  const type = requiredString(action, 'Type', `${at}.type`);
  if (type !== 'forward') {
    throw kinds.includes(type)
      ? new ServiceError(
          'InvalidLoadBalancerAction',
          `The action '${type}' is not served here: use 'forward'`,
        )
      : validationError(`Action type '${type}' must be one of '${kinds.join(', ')}'`);
  }
  return weightedGroups(action, at);
}

const isApplication = (group: TargetGroupV2): boolean =>
  group.targetType === 'lambda' || isHttp(group.protocol);

/** Refuses groups that do not exist, that the listener cannot forward to, or that another load balancer uses. */
export function checkForward(
  state: State,
  groups: readonly WeightedGroup[],
  { arn, region, type }: LoadBalancerV2,
  protocol: ProtocolV2,
): void {
  const found = groups.map((one) => getTargetGroup(state, region, one.arn));
  for (const group of found) {
    const fits =
      group.targetType === 'lambda'
        ? type === 'application'
        : group.protocol !== undefined && groupProtocols[protocol].includes(group.protocol);
    if (fits) continue;
    if (isApplication(group) !== (type === 'application')) {
      throw invalidConfigurationV2(
        `The target group '${group.arn}' with protocol ${group.protocol ?? 'of a Lambda function'} cannot be used with a load balancer of type '${type}'`,
      );
    }
    throw new ServiceError(
      'IncompatibleProtocols',
      `A listener with protocol ${protocol} cannot forward to the target group '${group.arn}' with protocol ${group.protocol ?? ''}`,
    );
  }
  const taken = groups.filter((one) => loadBalancersOfGroup(state, one.arn).some((other) => other !== arn));
  if (taken.length > 0) {
    // The real service's text (hashicorp/terraform-provider-aws#22005).
    throw new ServiceError(
      'TargetGroupAssociationLimit',
      `The following target groups cannot be associated with more than one load balancer: ${taken.map((one) => one.arn).join(', ')}`,
    );
  }
}
