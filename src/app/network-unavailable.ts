import { ElbProxyError } from '../errors.js';

/** The codes that say: Network Load Balancers can't be read here, whatever is done about it now. */
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

/** What clones answer to what they do not have; some take the call for the Classic one, whose answer has other lists. */
const codesOfClones: ReadonlySet<string> = new Set([
  'InternalError',
  'InternalFailure',
  'incomplete-answer',
  'service-error',
]);

/**
 * Whether a failure to read Network Load Balancers is one of rights, or of an endpoint that does not have them, rather
 * than of the moment.
 *
 * @param customEndpoint whether the API is asked elsewhere than at AWS
 */
export function isUnavailable(error: unknown, customEndpoint: boolean): boolean {
  if (!(error instanceof ElbProxyError)) return false;
  return codes.has(error.code) || (customEndpoint && codesOfClones.has(error.code));
}
