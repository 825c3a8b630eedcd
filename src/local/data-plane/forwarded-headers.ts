import type { IncomingMessage } from 'node:http';
import type { Listener } from '../shapes.js';

/** Header names and values in turn, in the order and the spelling in which they came. */
export type RawHeaders = string[];

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
  'expect',
]);
const forwarded = new Set(['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-port']);

/** The headers of a message that are passed on: all but those that concern one connection only. */
function endToEnd({ rawHeaders, headers }: IncomingMessage, left: (name: string) => boolean): RawHeaders {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const kept: RawHeaders = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    const lower = name.toLowerCase();
    if (!hopByHop.has(lower) && !named.includes(lower) && !left(lower)) kept.push(name, value);
  }
  return kept;
}

/**
 * A request's target as an instance gets it, and the host in it. A client may send the whole URL, as to a proxy;
 * then that host counts and not the Host header's (RFC 9112, 3.2.2).
 */
export function originForm(url: string): { readonly path: string; readonly host?: string } {
  const [, host, rest = ''] = /^https?:\/\/([^/?#]*)([^#]*)/i.exec(url) ?? [];
  if (host === undefined) return { path: url };
  return { host, path: rest.startsWith('/') ? rest : `/${rest}` };
}

/**
 * A client's headers as an instance gets them. A Classic ELB passes no Upgrade on in HTTP mode, so that a WebSocket
 * client's request arrives as a plain GET.
 */
export function requestHeaders(
  request: IncomingMessage,
  { protocol, loadBalancerPort }: Listener,
  host: { readonly given: string | undefined; readonly instance: string },
): RawHeaders {
  const { headers, socket } = request;
  const replaced = host.given ?? (headers.host === undefined ? host.instance : undefined);
  const kept = endToEnd(
    request,
    (name) => forwarded.has(name) || (name === 'host' && replaced !== undefined),
  );
  if (replaced !== undefined) kept.unshift('Host', replaced);
  const before = headers['x-forwarded-for'];
  const client = socket.remoteAddress ?? '';
  kept.push('X-Forwarded-For', before === undefined ? client : `${String(before)}, ${client}`);
  kept.push('X-Forwarded-Port', String(loadBalancerPort));
  kept.push('X-Forwarded-Proto', protocol === 'HTTPS' ? 'https' : 'http');
  // Without either there is no body; this says so, because Node would send an empty one in chunks.
  const framed = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  if (!framed && ['POST', 'PUT', 'PATCH'].includes(request.method ?? '')) kept.push('Content-Length', '0');
  return kept;
}

/** An instance's headers as the client gets them; the client's own connection decides on chunks. */
export const responseHeaders = (response: IncomingMessage): RawHeaders =>
  endToEnd(response, (name) => name === 'transfer-encoding');
