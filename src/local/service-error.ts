/**
 * An error that the service answers with: a wire code, an HTTP status and a message.
 *
 * Messages that were captured from the real service are used word for word; if none is known, the text
 * is this project's own and the code is one that the action's model lists.
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';

  constructor(
    /** The wire code, such as `LoadBalancerNotFound`. */
    readonly code: string,
    message: string,
    /** The HTTP status; 4xx is reported as `Sender`, 5xx as `Receiver`. */
    readonly status = 400,
  ) {
    super(message);
  }
}

/** `ValidationError`, HTTP 400. */
export const validationError = (message: string): ServiceError =>
  new ServiceError('ValidationError', message);

/** The shape in which AWS reports one broken constraint of a request parameter. */
export const constraintError = (value: string | null, at: string, constraint: string): ServiceError =>
  validationError(
    `1 validation error detected: Value ${value === null ? 'null' : `'${value}'`} at '${at}' failed to satisfy constraint: Member must ${constraint}`,
  );

/** `InvalidConfigurationRequest`, the one modelled error with HTTP 409. */
export const invalidConfiguration = (message: string): ServiceError =>
  new ServiceError('InvalidConfigurationRequest', message, 409);

/** The same of ELBv2, with HTTP 400. */
export const invalidConfigurationV2 = (message: string): ServiceError =>
  new ServiceError('InvalidConfigurationRequest', message);

/** `LoadBalancerNotFound`; the text is the real service's (cloudfoundry-attic/cf-release#884). */
export const loadBalancerNotFound = (name: string): ServiceError =>
  new ServiceError('LoadBalancerNotFound', `There is no ACTIVE Load Balancer named '${name}'`);

/** `PolicyNotFound`; the text is the real service's (hashicorp/terraform#5934). */
export const policyNotFound = (policyName: string, loadBalancerName: string): ServiceError =>
  new ServiceError(
    'PolicyNotFound',
    `There is no policy with name ${policyName} for load balancer ${loadBalancerName}`,
  );

/** A policy of a type that does not belong where it is set (aws/aws-cli#2021, fog/fog-aws#193). */
export const cannotBeEnabled = (policyName: string): ServiceError =>
  invalidConfiguration(`${policyName} cannot be enabled`);

/** `ListenerNotFound`; no capture of the real text is known. */
export const listenerNotFound = (loadBalancerName: string, loadBalancerPort: number): ServiceError =>
  new ServiceError(
    'ListenerNotFound',
    `There is no listener on port ${loadBalancerPort} for load balancer ${loadBalancerName}`,
  );

/** `InvalidAction`, in AWS's own words for an action that a version of an API does not have. */
export const invalidAction = (action: string, version: string): ServiceError =>
  new ServiceError('InvalidAction', `Could not find operation ${action} for version ${version}`);
