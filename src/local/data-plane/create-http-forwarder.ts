import {
  type ClientRequest,
  type IncomingMessage,
  Agent as PlainAgent,
  request as plainRequest,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import { hostAndPort } from '../../core/host-and-port.js';
import { codeOf } from '../../errors.js';
import { originForm, type RawHeaders, requestHeaders, responseHeaders } from './forwarded-headers.js';
import type { Instance, Route } from './route.js';
import { type Stickiness, stickinessOf } from './stickiness.js';

/** Forwards the requests of one HTTP or HTTPS listener. */
export interface HttpForwarder {
  readonly forward: RequestListener;
  /** Closes the idle connections to instances. */
  readonly close: () => void;
}

function answer(response: ServerResponse, status: number, reason: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = `<html><body><h1>${status} ${reason}</h1></body></html>\n`;
  response.writeHead(status, reason, { 'content-type': 'text/html', 'content-length': body.length });
  response.end(body);
}

// As in the guide: 502 for an answer that is not HTTP; 504 for no answer in time, a refused or a closed connection.
function answerError(response: ServerResponse, error: unknown): void {
  if (String(codeOf(error)).startsWith('HPE_')) answer(response, 502, 'Bad Gateway');
  else answer(response, 504, 'GATEWAY_TIMEOUT');
}

function handOn(incoming: IncomingMessage, response: ServerResponse, cookie: string | undefined): void {
  const headers: RawHeaders = responseHeaders(incoming);
  if (cookie !== undefined) headers.push('Set-Cookie', cookie);
  headers.push('Connection', response.shouldKeepAlive ? 'keep-alive' : 'close');
  response.sendDate = false;
  // Node takes them flat, as they are; its types know headers by name only.
  response.writeHead(
    incoming.statusCode ?? 502,
    incoming.statusMessage ?? '',
    headers as unknown as Record<string, string>,
  );
  incoming.on('error', () => response.destroy()).pipe(response);
}

/**
 * Makes the forwarder of an HTTP or HTTPS listener's requests, with X-Forwarded headers. The PROXY policy does
 * nothing here: the service accepts it on such a port, and requests carry no line (checkr/codeflow#117).
 */
export function createHttpForwarder(route: Route): HttpForwarder {
  const { listener, loadBalancer, connections } = route;
  const secure = listener.instanceProtocol === 'HTTPS';
  // One for each instance, even if two have one address: their connections end with them.
  const agents = new Map<string, PlainAgent>();
  const counted = new WeakSet<Socket>();

  function agentOf(id: string): PlainAgent {
    const agent =
      agents.get(id) ?? (secure ? new SecureAgent({ keepAlive: true }) : new PlainAgent({ keepAlive: true }));
    agents.set(id, agent);
    return agent;
  }

  function ask(request: IncomingMessage, { id, address }: Instance): ClientRequest {
    const { path, host } = originForm(request.url ?? '/');
    const at = hostAndPort(address, listener.instancePort);
    const options = {
      agent: agentOf(id),
      host: address,
      port: listener.instancePort,
      method: request.method,
      path,
      headers: requestHeaders(request, listener, { given: host, instance: at }),
    };
    const outgoing = secure
      ? // The load balancer sends instances no server name, and does not check their certificates.
        secureRequest({ ...options, rejectUnauthorized: false, servername: '' })
      : plainRequest(options);
    connections.add(id, outgoing);
    outgoing.once('socket', (socket) => {
      if (counted.has(socket)) return;
      counted.add(socket);
      connections.addShared(id, socket);
    });
    return outgoing;
  }

  function exchange(
    request: IncomingMessage,
    response: ServerResponse,
    { instance, stickiness }: { readonly instance: Instance; readonly stickiness: Stickiness },
  ): void {
    const outgoing = ask(request, instance);
    const idleMs = loadBalancer().attributes.idleTimeout * 1000;
    outgoing
      .setTimeout(idleMs, () => outgoing.destroy(new Error('the instance was silent for too long')))
      .on('error', (error) => answerError(response, error))
      .on('response', (incoming) => {
        try {
          handOn(incoming, response, stickiness.cookieFor(instance, incoming));
        } catch {
          // Headers that Node does not send on.
          outgoing.destroy();
          answer(response, 502, 'Bad Gateway');
        }
      })
      // Such as an unrequested 101.
      .on('close', () => {
        if (!response.headersSent) answer(response, 502, 'Bad Gateway');
      });
    response.once('close', () => {
      if (!response.writableFinished) outgoing.destroy();
    });
    request.pipe(outgoing);
  }

  return {
    forward: (request, response) => {
      const stickiness = stickinessOf(route, request);
      const instance = stickiness.bound ?? route.nextInstance();
      if (instance === undefined) {
        answer(response, 503, 'Service Unavailable: Back-end server is at capacity');
        return;
      }
      try {
        exchange(request, response, { instance, stickiness });
      } catch {
        // A target that Node does not send on.
        answer(response, 400, 'BAD_REQUEST');
      }
    },
    close: () => {
      for (const agent of agents.values()) agent.destroy();
    },
  };
}
