import type { Agent, ClientRequest } from 'node:http';
import type { AgentOptions } from 'node:https';
import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import { ProxyAgent } from 'proxy-agent';

/** An agent for http and https that asks for each request by which proxy it goes; without one it goes directly. */
export function proxiedAgent(options: AgentOptions, proxyFor: (url: string) => string | undefined): Agent {
  return new AddressCheckingAgent({ ...options, getProxyForUrl: (url) => proxyFor(url) ?? '' });
}

/** Inside a proxy's tunnel, Node.js would compare the certificate of an address with the name `localhost`. */
class AddressCheckingAgent extends ProxyAgent {
  override async connect(
    request: ClientRequest,
    options: Parameters<ProxyAgent['connect']>[1] & ConnectionOptions,
  ): Promise<Agent> {
    const { host } = options;
    if (options.secureEndpoint && host && isIP(host) !== 0)
      options.checkServerIdentity = (_, certificate) => checkServerIdentity(host, certificate);
    return super.connect(request, options);
  }
}
