import { isIPv4 } from 'node:net';

/**
 * Whether a Host header (with or without a port) names this machine.
 *
 * A page in a browser can make its own host name resolve to 127.0.0.1 (DNS rebinding) and would then be
 * talking to this service; its Host header is what gives it away.
 */
export function isLoopbackHost(header: string | undefined): boolean {
  const host = /^(\[[0-9a-f:.]+\]|[^:]*)(?::\d*)?$/i.exec(header ?? '')?.[1]?.toLowerCase();
  if (host === undefined) return false;
  return host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}

/** Whether an Origin or a Referer header is of a page that this machine served itself. */
export function isLoopbackOrigin(header: string): boolean {
  return URL.canParse(header) && isLoopbackHost(new URL(header).host);
}
