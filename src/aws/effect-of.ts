import type { CallEffect } from '../app/ports.js';
import { ElbProxyError } from '../errors.js';
import { UnreadableAnswer } from './answer.js';
import { proxyEnded, proxyRefused } from './identity/proxy-failure.js';
import { isThrottle, isUnconnected, sdkFields, wireCode } from './wire-code.js';

/** Failures before a byte of the request left. */
const neverSent: ReadonlySet<string> = new Set([
  'EACCES',
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  proxyEnded,
  proxyRefused,
]);

/** This tool's own codes of failures before anything was sent. */
const settled: ReadonlySet<string> = new Set([
  'invalid-endpoint',
  'invalid-setting',
  'no-credentials',
  'no-profile',
  'no-region',
  'not-sent',
  'usage',
]);

/**
 * The effect of a failed write. `unknown` if in doubt: a needless read is cheap, a wrong "no" is not.
 * An answer that is not the API's XML proves nothing, whatever its status: something between may have written it.
 */
export function effectOf(error: unknown): CallEffect {
  if (error instanceof ElbProxyError) {
    if (settled.has(error.code)) return 'no';
    return error.cause === undefined ? 'unknown' : effectOf(error.cause);
  }
  if (error instanceof UnreadableAnswer) return 'unknown';
  if (isThrottle(error)) return 'throttled';
  const { code, $metadata, name } = sdkFields(error);
  const status = $metadata?.httpStatusCode;
  const wire = wireCode(error);
  if (wire !== undefined && status !== undefined) {
    // RequestTimeout: the service gave up waiting for the request's end; it says nothing about what it did.
    return status >= 400 && status < 500 && !wire.startsWith('RequestTimeout') ? 'no' : 'unknown';
  }
  if (status !== undefined) return 'unknown';
  if (code !== undefined && (neverSent.has(code) || isTlsRefusal(code))) return 'no';
  if (isUnconnected(error)) return 'no';
  return name === 'EndpointError' ? 'no' : 'unknown';
}

/** Whether our side refused the server's certificate, or the other side is not a TLS server: nothing was sent. */
export function isTlsRefusal(code: string): boolean {
  return /^(?:CERT_|ERR_TLS_|ERR_SSL_WRONG_VERSION|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code);
}
