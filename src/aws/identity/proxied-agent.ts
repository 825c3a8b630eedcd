import type { Agent } from 'node:http';
import type { AgentOptions } from 'node:https';
import { ProxyAgent } from 'proxy-agent';

/** An agent for http and https that asks for each request by which proxy it goes; without one it goes directly. */
export function proxiedAgent(options: AgentOptions, proxyFor: (url: string) => string | undefined): Agent {
  return new ProxyAgent({ ...options, getProxyForUrl: (url) => proxyFor(url) ?? '' });
}
