import { ServiceError } from '../service-error.js';

// Unless stated otherwise, the texts are the real service's. All modelled errors have HTTP 400, but for
// HealthUnavailable and InsufficientCapacity (500) and PriorRequestNotComplete (429); 409 is Classic's.

/** `LoadBalancerNotFound`. */
export const loadBalancersNotFound = (): ServiceError =>
  new ServiceError('LoadBalancerNotFound', 400, 'One or more load balancers not found');

/** `TargetGroupNotFound`. */
export const targetGroupsNotFound = (): ServiceError =>
  new ServiceError('TargetGroupNotFound', 400, 'One or more target groups not found');

/** `ListenerNotFound`. */
export const listenersNotFound = (): ServiceError =>
  new ServiceError('ListenerNotFound', 400, 'One or more listeners not found');

/** `RuleNotFound`. */
export const rulesNotFound = (): ServiceError =>
  new ServiceError('RuleNotFound', 400, 'One or more rules not found');

/** `InvalidConfigurationRequest`, which has HTTP 409 in the Classic API. */
export const invalidConfigurationV2 = (message: string): ServiceError =>
  new ServiceError('InvalidConfigurationRequest', 400, message);

/** `UnsupportedProtocol`; no capture of the real text is known. */
export const unsupportedProtocol = (message: string): ServiceError =>
  new ServiceError('UnsupportedProtocol', 400, message);

/** `TargetGroupAssociationLimit` (hashicorp/terraform-provider-aws#22005). */
export const associationLimit = (arns: readonly string[]): ServiceError =>
  new ServiceError(
    'TargetGroupAssociationLimit',
    400,
    `The following target groups cannot be associated with more than one load balancer: ${arns.join(', ')}`,
  );

/** `ResourceInUse`. */
export const resourceInUse = (message: string): ServiceError =>
  new ServiceError('ResourceInUse', 400, message);

/** `InvalidTarget`. */
export const invalidTarget = (message: string): ServiceError =>
  new ServiceError('InvalidTarget', 400, message);
