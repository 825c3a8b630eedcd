import { type IncomingMessage, Agent as PlainAgent, type RequestListener, ServerResponse } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { isIPv6, type Socket } from 'node:net';
import { createProxyServer } from 'httpxy';
import type { Route } from './route.js';

/** Forwards the requests of one HTTP or HTTPS listener. */
export interface HttpForwarder {
  readonly forward: RequestListener;
  /** Closes the connections to instances that wait for a next request. */
  readonly close: () => void;
}

const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade', 'expect'];

/**
 * Turns a client's headers into those that the instance gets. A Classic ELB hands no Upgrade on in HTTP mode,
 * so that a WebSocket client's request arrives as a plain GET.
 */
function rewriteHeaders(
  { headers, socket }: IncomingMessage,
  { protocol, loadBalancerPort }: Route['listener'],
) {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  for (const name of [...hopByHop, ...named]) delete headers[name];
  const before = headers['x-forwarded-for'];
  const client = socket.remoteAddress ?? '';
  headers['x-forwarded-for'] = before === undefined ? client : `${String(before)}, ${client}`;
  headers['x-forwarded-proto'] = protocol === 'HTTPS' ? 'https' : 'http';
  headers['x-forwarded-port'] = String(loadBalancerPort);
}

function answer(response: ServerResponse | Socket | undefined, status: number, reason: string): void {
  if (!(response instanceof ServerResponse) || response.headersSent) {
    response?.destroy();
    return;
  }
  const body = `<html><body><h1>${status} ${reason}</h1></body></html>\n`;
  response.writeHead(status, reason, { 'content-type': 'text/html', 'content-length': body.length });
  response.end(body);
}

/**
 * Makes what forwards an HTTP or HTTPS listener's requests, with X-Forwarded headers. The PROXY policy does
 * nothing here: the service accepts it on such a port, and requests carry no line (checkr/codeflow#117).
 */
export function createHttpForwarder({ listener, loadBalancer, nextInstance }: Route): HttpForwarder {
  const secure = listener.instanceProtocol === 'HTTPS';
  const agent = secure ? new SecureAgent({ keepAlive: true }) : new PlainAgent({ keepAlive: true });
  const proxy = createProxyServer();
  proxy.on('error', (error: NodeJS.ErrnoException, _request, response) => {
    // As the guide has it: 502 for what is no HTTP; 504 for no answer in time, a refused or a closed connection.
    if (error.code?.startsWith('HPE_')) answer(response, 502, 'Bad Gateway');
    else answer(response, 504, 'GATEWAY_TIMEOUT');
  });
  proxy.on('proxyRes', ({ headers }, _request, response) => {
    for (const name of hopByHop) delete headers[name];
    headers.connection = response.shouldKeepAlive ? 'keep-alive' : 'close';
  });
  return {
    forward: (request, response) => {
      const address = nextInstance();
      if (address === undefined) {
        answer(response, 503, 'Service Unavailable: Back-end server is at capacity');
        return;
      }
      rewriteHeaders(request, listener);
      const host = isIPv6(address) ? `[${address}]` : address;
      void proxy
        .web(request, response, {
          target: `${secure ? 'https' : 'http'}://${host}:${listener.instancePort}`,
          agent,
          secure: false,
          // The load balancer tells instances no server name; httpxy writes into this object.
          ssl: { servername: '' },
          proxyTimeout: loadBalancer().attributes.idleTimeout * 1000,
        })
        .catch(() => response.destroy());
    },
    close: () => agent.destroy(),
  };
}
