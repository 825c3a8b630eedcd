import type { ProxySetting } from './proxy-settings.js';

/** The proxy answered CONNECT with another status than 200; nothing was sent through it. */
export const proxyRefused = 'EPROXYREFUSED';
/** The proxy ended the connection before it answered CONNECT; nothing was sent through it. */
export const proxyEnded = 'EPROXYENDED';

/** A failed request's proxy, as the agent notes it at the error; `url` without user name and password. */
interface NotedProxy extends ProxySetting {
  /** The target of the CONNECT. */
  readonly host: string;
  readonly status?: number | undefined;
}

const noted = Symbol('proxy');

/** Notes at an error by which proxy its request went. */
export function noteProxy(error: Error, { url, from }: ProxySetting, host: string, status?: number): Error {
  if (proxyOf(error) !== undefined || !URL.canParse(url)) return error;
  if (error.message.startsWith('Proxy connection ended')) Object.assign(error, { code: proxyEnded });
  const { protocol, host: address } = new URL(url);
  return Object.assign(error, { [noted]: { url: `${protocol}//${address}`, from, host, status } });
}

/** By which proxy a failed request went, fit for a message; undefined if there was none. */
export function proxyOf(error: unknown): NotedProxy | undefined {
  return typeof error === 'object' && error !== null
    ? (error as { readonly [noted]?: NotedProxy })[noted]
    : undefined;
}

/** An error for a proxy that refused to connect; tried again if its status says that it may pass. */
export function refusedByProxy(proxy: ProxySetting, host: string, status: number): Error {
  const error = new Error(`the proxy answered HTTP ${status}`);
  const retry = status >= 500 ? { $retryable: { throttling: false } } : {};
  return Object.assign(noteProxy(error, proxy, host, status), { code: proxyRefused, ...retry });
}
