import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { AddressInfo, Server, Socket } from 'node:net';
import { emitWarning } from 'node:process';

/** The two addresses of `localhost`: what listens on one of them has a twin on the other. */
const twins: ReadonlyMap<string, string> = new Map([
  ['127.0.0.1', '::1'],
  ['::1', '127.0.0.1'],
]);

/**
 * Warns once, as Node.js warns, when an unguarded server of this process takes a connection at the guarded server's
 * port on the other address of `localhost`. fastify's `listen({ port })` makes such a server. A server that listens on
 * anything but one of the two addresses is not watched, and costs nothing.
 *
 * @param isGuarded whether a server takes off the header itself.
 */
export function warnOfTwin(server: Server, isGuarded: (server: Server) => boolean): void {
  const watch = (): void => {
    const { address, port } = (server.address() ?? {}) as Partial<AddressInfo>;
    const twin = twins.get(address ?? '');
    if (twin === undefined) return;
    const look = (message: unknown): void => {
      const { socket } = message as { socket: Socket & { server?: Server } };
      if (socket.server === server || socket.server === undefined) return;
      if (socket.localPort !== port || socket.localAddress !== twin || isGuarded(socket.server)) return;
      stop();
      emitWarning(
        `acceptProxyProtocol guards ${address} port ${port}, but another server of this process takes connections at ` +
          `${twin} port ${port} without it: localhost has both addresses. Listen on one address, such as '127.0.0.1' or '0.0.0.0'.`,
        { type: 'ProxyProtocolWarning', code: 'PROXY_PROTOCOL_UNGUARDED' },
      );
    };
    const stop = (): void => void unsubscribe('net.server.socket', look);
    subscribe('net.server.socket', look);
    server.once('close', stop);
  };
  if (server.listening) watch();
  server.on('listening', watch);
}
