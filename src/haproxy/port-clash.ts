import { hostAndPort } from '../core/host-and-port.js';
import type { CheckedOptions } from './haproxy-options.js';
import type { Frontend } from './mirror.js';

const everywhere: ReadonlySet<string> = new Set(['*', '0.0.0.0', '::']);

/**
 * The `host:port` at which HAProxy would listen and also look for a backend, as listeners often forward to the very
 * port that they are on. Either of the two cannot have it then, or HAProxy connects to itself.
 */
export function portClash(
  frontend: Frontend,
  frontends: readonly Frontend[],
  { bind, backends }: Pick<CheckedOptions, 'bind' | 'backends'>,
): string | undefined {
  const port = frontend.listener.loadBalancerPort;
  const wanted = frontends.some(
    (one) => one.listener.instancePort === port || one.websocket?.instancePort === port,
  );
  const host = wanted ? backends.find((backend) => isReachedAt(backend, bind)) : undefined;
  return host === undefined ? undefined : hostAndPort(host, port);
}

function isReachedAt(host: string, bind: string): boolean {
  if (host === bind || everywhere.has(host)) return true;
  if (everywhere.has(bind)) return isLoopback(host);
  return host === 'localhost' && isLoopback(bind);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
