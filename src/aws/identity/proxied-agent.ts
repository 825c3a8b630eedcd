import type { Agent, ClientRequest } from 'node:http';
import type { AgentOptions } from 'node:https';
import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import { ProxyAgent } from 'proxy-agent';
import { noteProxy, refusedByProxy } from './proxy-failure.js';
import type { ProxySetting } from './proxy-settings.js';

/** An agent for http and https that asks for each request by which proxy it goes; without one it goes directly. */
export function proxiedAgent(
  options: AgentOptions,
  proxyFor: (url: string) => ProxySetting | undefined,
): Agent {
  return new NotingAgent(options, proxyFor);
}

/** Notes at errors which proxy was asked. */
class NotingAgent extends ProxyAgent {
  readonly #proxyFor: (url: string) => ProxySetting | undefined;

  constructor(options: AgentOptions, proxyFor: (url: string) => ProxySetting | undefined) {
    super({ ...options, getProxyForUrl: (url) => proxyFor(url)?.url ?? '' });
    this.#proxyFor = proxyFor;
  }

  override async connect(
    request: ClientRequest,
    options: Parameters<ProxyAgent['connect']>[1] & ConnectionOptions,
  ): Promise<Agent> {
    const { host, secureEndpoint } = options;
    // Inside a proxy's tunnel, Node.js would compare the certificate of an address with the name `localhost`.
    if (secureEndpoint && host && isIP(host) !== 0)
      options.checkServerIdentity = (_, certificate) => checkServerIdentity(host, certificate);
    const name = String(request.getHeader('host') ?? host);
    const proxy = this.#proxyFor(`${secureEndpoint ? 'https' : 'http'}://${name}`);
    if (proxy !== undefined) {
      request.prependOnceListener('error', (error) => noteProxy(error, proxy, name));
      // The agent for plain http emits something else by this name.
      if (secureEndpoint)
        request.once('proxyConnect', ({ statusCode }: { readonly statusCode: number }) => {
          if (statusCode !== 200) request.destroy(refusedByProxy(proxy, name, statusCode));
        });
    }
    return super.connect(request, options);
  }
}
