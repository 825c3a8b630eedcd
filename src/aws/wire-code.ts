/** The fields of the SDK's errors that this tool reads; each may be missing. */
interface SdkErrorFields {
  readonly name?: string;
  readonly message?: string;
  /** The wire code of a parsed error answer; `name` differs from it for modelled errors. */
  readonly Code?: string;
  readonly Error?: { readonly Code?: string; readonly Message?: string };
  /** A code of the operating system or Node.js: `ECONNREFUSED`, `CERT_HAS_EXPIRED`. */
  readonly code?: string;
  readonly syscall?: string;
  readonly $metadata?: {
    readonly httpStatusCode?: number;
    readonly requestId?: string;
    readonly attempts?: number;
  };
}

/** An unknown thrown thing, seen as an SDK error. */
export function sdkFields(error: unknown): SdkErrorFields {
  return typeof error === 'object' && error !== null ? error : {};
}

/** The service's own code of an error answer (`LoadBalancerNotFound`), or undefined when there was no such answer. */
export function wireCode(error: unknown): string | undefined {
  const { Code, Error: inner } = sdkFields(error);
  const code = Code ?? inner?.Code;
  return typeof code === 'string' && /^[\w.:-]{1,100}$/.test(code) ? code : undefined;
}

/** An error whose code the SDK keeps as its name, with the code where other protocols have theirs. */
export function withJsonCode(error: unknown): unknown {
  const { name, Code, $metadata } = sdkFields(error);
  const modelled = error instanceof Error && '$fault' in error && $metadata?.httpStatusCode !== undefined;
  if (!modelled || Code !== undefined || name === undefined || unnamed.test(name)) return error;
  return Object.assign(error, { Code: name });
}

/** The SDK's names for an error without a code. */
const unnamed = /^(?:(?:Unknown)?Error|Unknown|\w+ServiceException)$/;

/**
 * Whether the service refused for its rate. `DependencyThrottle` is here because the SDK does not count it:
 * the API's own model lists it as "a request made by Elastic Load Balancing to another service exceeded a limit".
 */
export function isThrottle(error: unknown): boolean {
  const code = wireCode(error);
  if (code !== undefined) return throttles.has(code);
  return sdkFields(error).$metadata?.httpStatusCode === 429;
}

/** Whether the connection was never established, so that nothing was sent: the kernel gave up, or the SDK's own timer ran out. */
export function isUnconnected(error: unknown): boolean {
  const { syscall, message = '' } = sdkFields(error);
  return syscall === 'connect' || message.includes('did not establish a connection');
}

/** Whether a timer of ours ran out. The SDK gives resets and refusals the name TimeoutError as well, so that proves nothing. */
export function isSilence(error: unknown): boolean {
  const { name, code } = sdkFields(error);
  return code === 'ETIMEDOUT' || (name === 'TimeoutError' && code === undefined);
}

const throttles: ReadonlySet<string> = new Set([
  'BandwidthLimitExceeded',
  'DependencyThrottle',
  'EC2ThrottledException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);
