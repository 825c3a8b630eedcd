import { isIP } from 'node:net';
import { usageError } from '../errors.js';

/** Settings that the load balancer does not have: where HAProxy listens and forwards to. All are optional. */
export interface HaproxyOptions {
  /** IP address to listen on, or `*` for all. Default 127.0.0.1: a stand-in must not be open to the network unless asked to. */
  readonly bind?: string | undefined;
  /** Host names or IP addresses that replace the instances, a server each. Default 127.0.0.1. */
  readonly backends?: readonly string[] | undefined;
  /** PEM file with certificate and key for SSL and HTTPS listeners. Default: a path where no file is yet. */
  readonly certificate?: string | undefined;
  /** Which instance port gets WebSocket requests, if several have the PROXY policy. */
  readonly websocketPort?: number | undefined;
}

/** The same, checked, with the defaults filled in. */
export interface CheckedOptions {
  readonly bind: string;
  readonly backends: readonly [string, ...string[]];
  readonly certificate: string | undefined;
  readonly websocketPort: number | undefined;
}

const label = /^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)$/;

/**
 * Checks options, which come from people.
 * @throws ElbProxyError of code `usage` that names the option and its value
 */
export function checkedOptions(options: HaproxyOptions): CheckedOptions {
  const { bind = '127.0.0.1', certificate, websocketPort } = options;
  const [first = '127.0.0.1', ...others] = new Set((options.backends ?? []).map(backendHost));
  if (certificate !== undefined && (certificate.trim() === '' || /\p{Cc}/u.test(certificate))) {
    throw usageError(`--certificate ${JSON.stringify(certificate)}: not a file name`);
  }
  return { bind: bindAddress(bind), backends: [first, ...others], certificate, websocketPort };
}

function bindAddress(text: string): string {
  const address = withoutBrackets(text);
  if (address === '*' || isAddress(address)) return address;
  throw usageError(
    `--bind ${JSON.stringify(text)}: not an IP address`,
    'give an address of this machine, or * for all; the ports are those of the listeners',
  );
}

function backendHost(text: string): string {
  const host = withoutBrackets(text);
  if (isAddress(host) || isHostName(host)) return host;
  const hint = /:\d+$/.test(text)
    ? 'give the host alone; the ports are the instance ports of the load balancer'
    : undefined;
  throw usageError(`--backend ${JSON.stringify(text)}: neither a host name nor an IP address`, hint);
}

/** An address with a zone (`fe80::1%eth0`) means nothing to HAProxy. */
function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%');
}

/** A name of digits and dots alone is an address that was mistyped. */
function isHostName(text: string): boolean {
  const labels = text.replace(/\.$/, '').split('.');
  return text.length <= 253 && labels.every((part) => label.test(part)) && !/^[\d.]+$/.test(text);
}

function withoutBrackets(text: string): string {
  return /^\[([^[\]]*:[^[\]]*)\]$/.exec(text)?.[1] ?? text;
}
