import { ElbProxyError } from '../errors.js';

/** Error codes that mean: Network Load Balancers can't be read here, and a retry won't help. */
const codes: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'InvalidAction',
  'NotImplemented',
  'UnauthorizedOperation',
  'UnknownOperation',
  'UnknownOperationException',
  'no-network-endpoint',
  'not-an-elb-api',
]);

/** Clones' answers to unsupported calls; some treat the call as the Classic one, whose answer has other lists. */
const codesOfClones: ReadonlySet<string> = new Set([
  'InternalError',
  'InternalFailure',
  'incomplete-answer',
  'service-error',
]);

/** Whether Network Load Balancers can't be read here at all: no permission, or an endpoint without ELBv2. */
export function isUnavailable(error: unknown, customEndpoint: boolean): boolean {
  if (!(error instanceof ElbProxyError)) return false;
  return codes.has(error.code) || (customEndpoint && codesOfClones.has(error.code));
}
