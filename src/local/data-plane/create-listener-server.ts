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
const HEADERS_MS = 60_000;

/** Makes the server of one listener, not listening yet. */
export async function createListenerServer(route: Route, certificate: CertificateSource): Promise<Server> {
  const options = { allowHalfOpen: true, noDelay: true, highWaterMark: BUFFER_BYTES };
  switch (route.listener.protocol) {
    case 'TCP':
      return createServer(options, (client) => forwardConnection(client, route));
    case 'SSL':
      return (
        createTlsServer({ ...options, handshakeTimeout: HANDSHAKE_MS, ...(await certificate()) }, (client) =>
          forwardConnection(client, route),
        )
          // Of a handshake that takes too long Node only tells; HTTPS servers end it by themselves.
          .on('tlsClientError', (_error, client) => client.destroy())
      );
    case 'HTTP':
    case 'HTTPS': {
      const { createHttpForwarder } = await import('./create-http-forwarder.js');
      const forwarder = createHttpForwarder(route);
      // A long upload is no idle connection: only the time between two bytes counts, as the forwarder sees to.
      const plain = { noDelay: true, requestTimeout: 0, headersTimeout: HEADERS_MS };
      const server =
        route.listener.protocol === 'HTTP'
          ? createHttpServer(plain)
          : createHttpsServer({ ...plain, handshakeTimeout: HANDSHAKE_MS, ...(await certificate()) });
      server.on('request', (request, response) => {
        // Read when the answer is through, so that another idle timeout counts for connections that are open, too.
        server.keepAliveTimeout = route.loadBalancer().attributes.idleTimeout * 1000;
        forwarder.forward(request, response);
      });
      return server.once('close', forwarder.close);
    }
  }
}
