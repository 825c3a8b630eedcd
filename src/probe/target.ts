import { isIPv6 } from 'node:net';
import type { Target } from '../core/verify-result.js';

/** The form of HOST:PORT, for hints. */
export const targetForm = 'a port from 1 to 65535, an IPv6 address in brackets: [::1]:8443';

/** A target from `host:port`, an IPv6 address in brackets; undefined if it is none. */
export function parseTarget(text: string): Target | undefined {
  const [, bracketed, name, digits] = /^(?:\[([^\]]+)\]|([^:[\]\s/]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port < 1 || port > 65_535) return undefined;
  if (bracketed !== undefined) return isIPv6(bracketed) ? { host: bracketed, port } : undefined;
  return name === undefined ? undefined : { host: name, port };
}
