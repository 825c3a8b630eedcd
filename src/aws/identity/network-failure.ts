import { plainText } from '../plain-text.js';
import { sdkFields } from '../wire-code.js';
import { proxyEnded, proxyOf, proxyRefused } from './proxy-failure.js';
import { isNotTls, tlsReason } from './tls-failure.js';

interface NetworkFailure {
  readonly what: string;
  readonly hint: string;
}

const refusals: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'this machine has no free port for the connection',
  EAI_AGAIN: 'its name could not be resolved right now',
  ECONNREFUSED: 'nothing listens there',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'its network is unreachable',
  ENOTFOUND: 'its name does not exist',
};

/** Why a host could not be reached, by the system's code; undefined for other codes. */
export function refusalOf(code: string): string | undefined {
  return Object.hasOwn(refusals, code) ? refusals[code] : undefined;
}

/** Whether a certificate was refused because no known authority signed it. */
export function isUnknownAuthority(code: string): boolean {
  return /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code);
}

/** A failure that lies with the proxy: it could not be reached, refused, or went away; undefined for others. */
export function proxyFailureIn(error: unknown): NetworkFailure | undefined {
  const proxy = proxyOf(error);
  if (proxy === undefined) return undefined;
  const { code = '' } = sdkFields(error);
  const named = `the proxy ${plainText(proxy.url, 200)} (from ${proxy.from})`;
  const host = plainText(proxy.host, 100);
  const direct = `or name ${host} in NO_PROXY if it can be reached without the proxy`;
  if (code === proxyRefused)
    return {
      what: `${named} refused to connect to ${host}: HTTP ${proxy.status}`,
      hint:
        proxy.status === 407
          ? `put a user name and password that it accepts into ${proxy.from}, as http://user:password@host:port`
          : `ask the proxy's operators to let ${host} through, ${direct}`,
    };
  if (code === proxyEnded)
    return {
      what: `${named} closed the connection before it answered`,
      hint: `check that ${proxy.from} names a proxy and its scheme is right, ${direct}`,
    };
  if (code === 'EPROTO' && proxy.url.startsWith('https:'))
    return {
      what: `the TLS handshake with ${named}, or with ${host} behind it, failed`,
      hint: `write the proxy as http:// in ${proxy.from} if it speaks plain http, ${direct}`,
    };
  const why = refusalOf(code);
  return why === undefined
    ? undefined
    : { what: `${named} could not be reached: ${why} (${code})`, hint: `check ${proxy.from}, ${direct}` };
}

/** Why STS or the SSO portal gave no answer; undefined if one came. */
export function networkFailureIn(error: unknown): NetworkFailure | undefined {
  const atProxy = proxyFailureIn(error);
  if (atProxy !== undefined) return atProxy;
  const { code = '', message = '', name, $metadata } = sdkFields(error);
  if ($metadata?.httpStatusCode !== undefined) return undefined;
  const shown = `${plainText(isNotTls(message) ? 'it does not speak TLS' : tlsReason(message), 200)}${code === '' ? '' : ` (${plainText(code, 60)})`}`;
  if (isUnknownAuthority(code))
    return {
      what: `its certificate is not trusted, ${shown}`,
      hint: "set AWS_CA_BUNDLE (or the profile's ca_bundle) to a file with its CA's certificate",
    };
  if (code === '' && name !== 'TimeoutError') return undefined;
  return {
    what: `no answer came, ${shown}`,
    hint: 'check the network and the region; HTTPS_PROXY, NO_PROXY and AWS_CA_BUNDLE apply to this call, too',
  };
}
