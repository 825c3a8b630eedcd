import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions, type Server as TlsServer } from 'node:tls';
import { BUFFER_BYTES } from './connect-to-instance.js';

/** How long a client may take for its handshake. */
export const HANDSHAKE_MS = 10_000;

/** The server of one listener. */
export interface ListenerServer {
  readonly server: Server;
  /** Applies the listener's present policies to new connections. */
  readonly follow: () => void;
}

/** How listeners take connections whose bytes they pass on. */
export const listenerSockets = { allowHalfOpen: true, noDelay: true, highWaterMark: BUFFER_BYTES };

/** A listener's server without settings that can change while it is open. */
export const plainServer = (server: Server): ListenerServer => ({ server, follow: () => undefined });

/** Makes a server that ends its clients' TLS and forwards the decrypted connections. */
export const createTlsTerminator = (options: TlsOptions, forward: (client: Socket) => void): TlsServer =>
  createTlsServer({ ...listenerSockets, handshakeTimeout: HANDSHAKE_MS, ...options }, forward)
    // Node only reports a handshake that takes too long; HTTPS servers end it by themselves.
    .on('tlsClientError', (_error, client) => client.destroy());
