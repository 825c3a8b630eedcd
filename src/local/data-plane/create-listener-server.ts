import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { CertificateSource } from './certificate-source.js';
import { BUFFER_BYTES } from './connect-to-instance.js';
import { forwardConnection } from './forward-connection.js';
import type { Route } from './route.js';

// A client that says nothing, or ends in the middle of its handshake, is not waited for any longer.
const HANDSHAKE_MS = 10_000;

/** Makes the server of one listener, not listening yet. */
export async function createListenerServer(route: Route, certificate: CertificateSource): Promise<Server> {
  const options = { allowHalfOpen: true, noDelay: true, highWaterMark: BUFFER_BYTES };
  switch (route.listener.protocol) {
    case 'TCP':
      return createServer(options, (client) => forwardConnection(client, route));
    case 'SSL':
      return createTlsServer(
        { ...options, handshakeTimeout: HANDSHAKE_MS, ...(await certificate()) },
        (client) => forwardConnection(client, route),
      );
    case 'HTTP':
    case 'HTTPS': {
      const { createHttpForwarder } = await import('./create-http-forwarder.js');
      const forwarder = createHttpForwarder(route);
      const server =
        route.listener.protocol === 'HTTP'
          ? createHttpServer({ noDelay: true }, forwarder.forward)
          : createHttpsServer(
              { noDelay: true, handshakeTimeout: HANDSHAKE_MS, ...(await certificate()) },
              forwarder.forward,
            );
      server.keepAliveTimeout = route.loadBalancer().attributes.idleTimeout * 1000;
      return server.once('close', forwarder.close);
    }
  }
}
