import type { Socket as NetSocket, Server } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type AcceptOptions, acceptRules, type Refusal } from './accept-options.js';
import type { ValidHeader } from './decoded.js';
import { type NamedTlvs, nameTlvs } from './named-tlvs.js';
import { type HeaderEnd, readHeader, type StopReading } from './read-header.js';
import { reportClient } from './report-client.js';
import { warnOfTwin } from './warn-of-twin.js';

/** The header in front of a connection, with its type-length-values by name. */
export interface AcceptedHeader extends ValidHeader, NamedTlvs {}

declare module 'net' {
  // Here, because only declarations beside an export reach the package's users.
  interface Socket {
    /**
     * The PROXY header in front of this connection, once `acceptProxyProtocol` has taken it off. `command` is LOCAL for a
     * health check of the load balancer, whose socket then reports the load balancer itself.
     */
    proxyProtocol?: AcceptedHeader;
  }
}

const installed = new WeakSet<Server>();

/** Where the TLS server hands a TLS socket out: the position of the socket among the arguments. */
const tlsEvents: ReadonlyMap<unknown, number> = new Map([
  ['secureConnection', 0],
  ['tlsClientError', 1],
  ['keylog', 1],
]);

/**
 * Takes the PROXY header off every connection of a `net`, `tls`, `http`, `https` or `http2` server, before the server
 * sees the connection. The sockets, and behind TLS the TLS sockets, then report the client in `remoteAddress`,
 * `remotePort` and `remoteFamily`, and hold the whole header in `proxyProtocol`. Bytes behind the header are delivered
 * untouched, however they are split.
 *
 * The server's `connection` event comes when the header is whole, not when the connection is accepted. Call it once for
 * a server, before or after `listen`; connections that the server has by then are left alone. While a header is awaited,
 * the connection counts in `server.getConnections`; `server.close` closes it at once.
 *
 * It guards this server only. A framework that listens on `localhost` may open a second server for its other address, as
 * fastify's `listen({ port })` does: give it one address, such as `host: '0.0.0.0'`. A first connection to such a second
 * server draws a warning of the process, `PROXY_PROTOCOL_UNGUARDED`.
 *
 * @returns the same server.
 * @throws TypeError that names the option and the value that is wrong; Error when the server has it already.
 */
export function acceptProxyProtocol<S extends Server>(server: S, options: AcceptOptions = {}): S {
  if (typeof server?.emit !== 'function')
    throw new TypeError('server must be a net, tls, http or https server');
  // Such a server gives sockets to other processes, where the bytes that were read with the header would be lost.
  if ((server as { pauseOnConnect?: boolean }).pauseOnConnect === true) {
    throw new TypeError('server must not have pauseOnConnect: the header is read before the connection');
  }
  const rules = acceptRules(options);
  if (installed.has(server)) throw new Error('acceptProxyProtocol was called for this server before');
  installed.add(server);

  const awaited = new Map<NetSocket, StopReading>();
  const headers = new WeakMap<object, AcceptedHeader>();
  // Through `Function.prototype`, because the overloads of `emit` and `close` differ from server to server.
  const emit = server.emit.bind(server) as (event: unknown, ...values: unknown[]) => boolean;

  const hand = (socket: NetSocket, read?: ValidHeader): void => {
    if (read !== undefined) {
      const header: AcceptedHeader = read.tlvs === undefined ? read : { ...read, ...nameTlvs(read.tlvs) };
      headers.set(socket, header);
      reportClient(socket, header);
    }
    emit('connection', socket);
  };

  const refuse = (
    socket: NetSocket,
    code: Refusal['code'],
    reason: string,
    answer?: Refusal['answer'],
  ): void => {
    const { remoteAddress, remotePort } = socket;
    // A peer that resets the connection meanwhile is of no interest any more.
    socket.on('error', () => {});
    socket.destroy();
    rules.onRefused({ code, reason, remoteAddress, remotePort, ...(answer && { answer }) }, socket);
  };

  const judge = (socket: NetSocket, end: HeaderEnd): void => {
    awaited.delete(socket);
    switch (end.kind) {
      case 'header':
        hand(socket, end.header);
        return;
      case 'absent': {
        if (!rules.required) hand(socket);
        else refuse(socket, 'absent', `no PROXY header: byte ${end.answer.offset} is in none`, end.answer);
        return;
      }
      case 'invalid': {
        const { field, reason, offset } = end.answer;
        refuse(socket, 'invalid', `invalid PROXY header: ${field}: ${reason} (byte ${offset})`, end.answer);
        return;
      }
      case 'timeout': {
        // A client that waits for the server to speak first sends no header either.
        if (!rules.required && end.received === 0) hand(socket);
        else
          refuse(
            socket,
            'timeout',
            `no whole PROXY header within ${rules.timeoutMs} ms, ${end.received} bytes of it`,
          );
        return;
      }
      case 'closed': {
        if (end.received === 0) refuse(socket, 'empty', 'closed without a byte');
        else refuse(socket, 'incomplete', `closed after ${end.received} bytes of a PROXY header`);
        return;
      }
    }
  };

  const accept = (socket: NetSocket): void => {
    const { remoteAddress } = socket;
    const onPath = remoteAddress === undefined && typeof server.address() === 'string';
    if (onPath || (remoteAddress !== undefined && rules.isTrusted(remoteAddress))) {
      const stop = readHeader(socket, rules.decode, rules.timeoutMs, (end) => judge(socket, end));
      awaited.set(socket, stop);
    } else if (!rules.required) {
      hand(socket);
    } else if (remoteAddress === undefined) {
      refuse(socket, 'empty', 'reset before the connection was accepted');
    } else {
      refuse(socket, 'untrusted', `not a trusted peer: ${remoteAddress}`);
    }
  };

  const intercept = (event: unknown, ...values: unknown[]): boolean => {
    if (event === 'connection') {
      accept(values[0] as NetSocket);
      return true;
    }
    const position = tlsEvents.get(event);
    if (position !== undefined) passOn(values[position] as TLSSocket | undefined, headers);
    return emit(event, ...values);
  };

  const destroyAwaited = (): void => {
    for (const [socket, stop] of awaited) {
      stop();
      socket.on('error', () => {});
      socket.destroy();
    }
    awaited.clear();
  };
  Object.assign(server, { emit: intercept });
  before(server, 'close', destroyAwaited);
  before(server, 'closeAllConnections', destroyAwaited);
  warnOfTwin(server, (other) => installed.has(other));
  return server;
}

/** A TLS socket does not inherit what its socket was made to report; `_parent`, which is that socket, has no public name. */
function passOn(tlsSocket: TLSSocket | undefined, headers: WeakMap<object, AcceptedHeader>): void {
  const { _parent: parent } = (tlsSocket ?? {}) as { _parent?: NetSocket };
  const header = parent === undefined || parent === null ? undefined : headers.get(parent);
  if (tlsSocket !== undefined && header !== undefined) reportClient(tlsSocket, header);
}

/** Has a method of the server, if it has that, do something first. */
function before(server: Server, name: string, first: () => void): void {
  const methods = server as unknown as Record<string, ((...values: unknown[]) => unknown) | undefined>;
  const method = methods[name];
  if (method === undefined) return;
  methods[name] = (...values) => {
    first();
    return method.apply(server, values);
  };
}
