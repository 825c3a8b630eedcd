import { ElbProxyError, type Fault } from '../errors.js';
import { UnreadableAnswer } from './answer.js';
import { hostOf } from './asked-host.js';
import { nameOfService } from './custom-endpoint.js';
import { isTlsRefusal } from './effect-of.js';
import { hideSecrets } from './hide-secrets.js';
import { type CallContext, hintFor } from './hints.js';
import type { Endpoint } from './identity/endpoint.js';
import { isUnknownAuthority, proxyFailureIn, refusalOf } from './identity/network-failure.js';
import { proxyOf } from './identity/proxy-failure.js';
import { isNotTls, tlsReason } from './identity/tls-failure.js';
import { plainText } from './plain-text.js';
import { isSilence, isThrottle, isUnconnected, sdkFields, wireCode } from './wire-code.js';

/**
 * Any thrown thing as an ElbProxyError whose code is the wire code (`LoadBalancerNotFound`, not the SDK's
 * `AccessPointNotFoundException`) or one of this tool's own: `unreachable-endpoint`, `timeout`, `connection-lost`,
 * `not-an-elb-api`, `service-error`, `no-credentials`, `invalid-setting`. The original stays as its cause.
 */
export function faultOf(error: unknown, context: CallContext): ElbProxyError {
  if (error instanceof ElbProxyError) return error;
  const { $metadata, message = String(error) } = sdkFields(error);
  const common = { cause: error, requestId: $metadata?.requestId && plainText($metadata.requestId, 100) };
  const tries = attempts($metadata?.attempts);
  if (error instanceof UnreadableAnswer) return unreadable(error, context, tries, common);
  const code = wireCode(error);
  if (code !== undefined) {
    const text = `${said(context)} failed${isThrottle(error) ? tries : ''}: ${reason(message)} (${code})`;
    return new ElbProxyError(text, {
      ...common,
      code,
      fault: usersMove.has(code) ? 'user' : 'service',
      hint: hintFor(code, context),
    });
  }
  return broken(error, context, tries, common);
}

/** The answer to a name that the service does not know, in the service's own words, for clones that just leave it out. */
export function notFound(names: readonly string[], context: CallContext): ElbProxyError {
  const code = 'LoadBalancerNotFound';
  const text = names
    .map((name) =>
      context.api === 'network'
        ? `there is no load balancer ${plainText(name, 100)}`
        : `There is no ACTIVE Load Balancer named '${plainText(name, 100)}'`,
    )
    .join('; ');
  return new ElbProxyError(`${said({ ...context, names })} failed: ${text} (${code})`, {
    code,
    fault: 'user',
    hint: hintFor(code, { ...context, names }),
  });
}

/** An answer without a required field: its value is not known, so nothing may be concluded from it. */
export function incompleteAnswer(fields: readonly string[], context: CallContext): ElbProxyError {
  const code = 'incomplete-answer';
  return new ElbProxyError(`${said(context)} failed: the answer lacks ${fields.join(', ')}`, {
    code,
    fault: 'service',
    hint: hintFor(code, context),
  });
}

interface Common {
  readonly cause: unknown;
  readonly requestId?: string | undefined;
}

function unreadable(
  error: UnreadableAnswer,
  context: CallContext,
  tries: string,
  common: Common,
): ElbProxyError {
  const from = context.endpoint ? `${shown(context.endpoint)} answered` : 'the service answered';
  const came = `${said(context)} failed${tries}: ${from} HTTP ${error.status} with ${error.what}`;
  const fault = (code: string, whose: Fault, text: string, advice = code) =>
    new ElbProxyError(text, { ...common, code, fault: whose, hint: hintFor(advice, context) });
  // Only a proxy answers with this status.
  if (error.status === 407) return fault('not-an-elb-api', 'user', came, 'proxy-authentication');
  if (error.cutOff) return fault('connection-lost', 'service', came);
  const foreign = `${came}, which is not an answer of the ${context.api === 'network' ? 'ELBv2' : 'Classic ELB'} API`;
  return error.status >= 500
    ? fault('service-error', 'service', foreign)
    : fault('not-an-elb-api', context.endpoint ? 'user' : 'service', foreign);
}

/** No answer came, or none that can be distinguished: the operating system's and Node.js's errors, and the SDK's own. */
function broken(error: unknown, context: CallContext, tries: string, common: Common): ElbProxyError {
  const { code = '', name, message = '', $metadata } = sdkFields(error);
  const to = context.endpoint ? shown(context.endpoint) : ownEndpoint(context, hostOf(error));
  const fault = (own: string, what: string, whose: Fault = 'user', advice = own) =>
    new ElbProxyError(`${said(context)} failed${tries}: ${what}`, {
      ...common,
      code: own,
      fault: whose,
      hint: hintFor(advice, context),
    });
  const atProxy = proxyFailureIn(error);
  if (atProxy !== undefined)
    return new ElbProxyError(`${said(context)} failed${tries}: ${atProxy.what}`, {
      ...common,
      code: 'unreachable-endpoint',
      fault: 'user',
      hint: atProxy.hint,
    });
  if (isTlsRefusal(code) || code === 'EPROTO') {
    const proxy = proxyOf(error);
    const by = proxy ? ` through the proxy ${plainText(proxy.url, 200)} (from ${proxy.from})` : '';
    const handshake = `the TLS handshake with ${to}${by} failed`;
    if (proxy === undefined && isNotTls(message))
      return fault(
        'unreachable-endpoint',
        `${handshake}: it does not speak TLS there (${code})`,
        'user',
        'not-tls',
      );
    return fault(
      'unreachable-endpoint',
      `${handshake}, ${plainText(tlsReason(message), 200)} (${code})`,
      'user',
      isUnknownAuthority(code) ? 'certificate' : undefined,
    );
  }
  const refusal = refusalOf(code);
  if (refusal !== undefined)
    return fault('unreachable-endpoint', `${to} could not be reached: ${refusal} (${code})`);
  if (isUnconnected(error)) {
    return fault(
      'unreachable-endpoint',
      `${to} could not be reached: the connection was not established in time`,
    );
  }
  if (isSilence(error))
    return fault('timeout', `${to} accepted the request but did not answer in time`, 'service');
  if (code === 'ECONNRESET' || code === 'EPIPE' || /socket hang up|aborted/i.test(message)) {
    return fault('connection-lost', `${to} closed the connection before its answer was complete`, 'service');
  }
  if (name === 'EndpointError' || message.startsWith('Invalid Configuration'))
    return fault('invalid-setting', reason(message));
  return $metadata?.httpStatusCode === undefined
    ? fault('call-failed', reason(message || String(error)), 'tool')
    : fault('service-error', `HTTP ${$metadata.httpStatusCode}, ${reason(message)}`, 'service');
}

const usersMove: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthFailure',
  'DuplicatePolicyName',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'LoadBalancerNotFound',
  'MissingAuthenticationToken',
  'OptInRequired',
  'PolicyNotFound',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'TargetGroupNotFound',
  'UnauthorizedOperation',
  'UnrecognizedClientException',
  'ValidationError',
]);

function said({ action, region, names = [], policy, instancePort, targetGroup }: CallContext): string {
  const [first, ...others] = names.map((name) => plainText(name, 100));
  const on =
    first === undefined
      ? ''
      : ` for load balancer ${first}${others.length > 0 ? ` and ${others.length} more` : ''}`;
  const about = policy === undefined ? '' : `, policy ${plainText(policy, 140)}`;
  const port = instancePort === undefined ? '' : `, instance port ${instancePort}`;
  const group = targetGroup === undefined ? '' : ` for target group ${plainText(targetGroup, 140)}`;
  return `${action}${on}${group}${port}${about} in ${region}`;
}

function shown({ url, source }: Endpoint): string {
  return `${plainText(url, 200)} (from ${source})`;
}

/** AWS's own endpoint. */
function ownEndpoint({ service, region }: CallContext, host: string | undefined): string {
  const whose = service === undefined ? 'the service' : nameOfService[service];
  return `${whose}'s endpoint of ${region}${host === undefined ? '' : ` (${host})`}`;
}

function attempts(count: number | undefined): string {
  return count === undefined || count < 2 ? '' : ` after ${count} attempts`;
}

/** The service's own words; the SDK puts `Unknown` if there are none. */
function reason(message: string): string {
  const text = plainText(hideSecrets(message)).replace(/\.$/, '');
  return text === '' || text === 'Unknown' ? 'the service gave no reason' : text;
}

/** Whether the service refused for a missing permission. */
export function isDenied({ code }: ElbProxyError): boolean {
  return ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'].includes(code);
}

/** The same error with another hint, and optionally attributed to another party. */
export function withHint(
  { message, code, fault, requestId, cause }: ElbProxyError,
  hint: string | undefined,
  whose: Fault = fault,
): ElbProxyError {
  return new ElbProxyError(message, { code, fault: whose, requestId, cause, hint });
}
