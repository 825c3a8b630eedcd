import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { createServer, type Socket } from 'node:net';
import type { SecureContextOptions, Server as TlsServer } from 'node:tls';
import type { CertificateSource } from './certificate-source.js';
import { forwardConnection } from './forward-connection.js';
import {
  createTlsTerminator,
  HANDSHAKE_MS,
  type ListenerServer,
  listenerSockets,
  plainServer,
} from './listener-server.js';
import { listenerPolicies, type Route } from './route.js';
import { tlsVersions } from './tls-versions.js';

const HEADERS_MS = 60_000;

/** Makes the server of a secure listener: `make` gets the options of its TLS. */
async function secureServer(
  route: Route,
  certificate: CertificateSource,
  make: (options: SecureContextOptions) => TlsServer,
): Promise<ListenerServer> {
  const shown = await certificate();
  let versions = tlsVersions(listenerPolicies(route));
  const server = make({ ...shown, ...versions });
  return {
    server,
    follow: () => {
      const now = tlsVersions(listenerPolicies(route));
      if (now.secureOptions === versions.secureOptions) return;
      versions = now;
      server.setSecureContext({ ...shown, ...versions });
    },
  };
}

async function httpServer(route: Route, certificate: CertificateSource): Promise<ListenerServer> {
  const { createHttpForwarder } = await import('./create-http-forwarder.js');
  const forwarder = createHttpForwarder(route);
  // A long upload is not an idle connection: only the time between two bytes counts, as the forwarder sees to.
  const plain = { noDelay: true, requestTimeout: 0, headersTimeout: HEADERS_MS };
  const answer = (server: HttpServer | HttpsServer): void => {
    server.on('request', (request, response) => {
      // Read when the answer is through, so that another idle timeout counts for connections that are open, too.
      server.keepAliveTimeout = route.loadBalancer().attributes.idleTimeout * 1000;
      forwarder.forward(request, response);
    });
    server.once('close', forwarder.close);
  };
  if (route.listener.protocol === 'HTTP') {
    const server = createHttpServer(plain);
    answer(server);
    return plainServer(server);
  }
  return secureServer(route, certificate, (options) => {
    const server = createHttpsServer({ ...plain, handshakeTimeout: HANDSHAKE_MS, ...options });
    answer(server);
    return server;
  });
}

/** Makes the server of one listener, not listening yet. */
export async function createListenerServer(
  route: Route,
  certificate: CertificateSource,
): Promise<ListenerServer> {
  const forward = (client: Socket): void => forwardConnection(client, route);
  switch (route.listener.protocol) {
    case 'TCP':
      return plainServer(createServer(listenerSockets, forward));
    case 'SSL':
      return secureServer(route, certificate, (tls) => createTlsTerminator(tls, forward));
    case 'HTTP':
    case 'HTTPS':
      return httpServer(route, certificate);
  }
}
