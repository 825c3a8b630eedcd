import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { acceptProxyProtocol, decode } from '../../proxy-protocol/index.js';

/** A backend without PROXY, one that takes both, or one that answers with the bytes that came first. */
export type BackendKind = 'plain' | 'accepts-proxy' | 'raw';

/** A backend on one port of 127.0.0.1, which can be replaced by one of another kind, as a deployment would. */
export interface Backend {
  readonly port: number;
  /** Its health check: 503 while it gets one bad request after the other. */
  readonly healthPort: number;
  readonly replace: (kind: BackendKind) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts a backend of the `plain` kind on a free port. */
export async function startBackend(): Promise<Backend> {
  let bad: number[] = [];
  const onBad = (): void => {
    bad = [...bad, Date.now()];
  };
  const health = createServer((_request, response) => {
    const lately = bad.filter((at) => Date.now() - at < badForMs);
    response.writeHead(lately.length >= tooManyBad ? 503 : 200).end();
  });
  let server = serverOf('plain', onBad);
  await listen(server, 0);
  await listen(health, 0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    healthPort: (health.address() as AddressInfo).port,
    replace: async (kind) => {
      await close(server);
      bad = [];
      server = serverOf(kind, onBad);
      await listen(server, port);
    },
    close: async () => {
      await close(server);
      await close(health);
    },
  };
}

/** So many bad requests within so many milliseconds, and the backend says that it is not well. */
const tooManyBad = 3;
const badForMs = 5000;

function serverOf(kind: BackendKind, onBad: () => void): Server | HttpServer {
  if (kind === 'raw') {
    return createTcpServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', (bytes: Buffer) => socket.end(answer(firstOf(bytes))));
    });
  }
  const server = createServer((request, response) => {
    response.end(`hello, ${request.socket.remoteAddress ?? 'you'}\n`);
  });
  // Without a listener Node answers the same by itself.
  server.on('clientError', (_error, socket) => {
    onBad();
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  });
  if (kind === 'accepts-proxy') acceptProxyProtocol(server, { mode: 'optional', trusted: ['127.0.0.0/8'] });
  return server;
}

/** The first bytes: a line as it was, a header of version 2 in words. */
function firstOf(bytes: Buffer): string {
  const header = decode(bytes);
  if (header.kind === 'valid' && header.version === 2) {
    const [client, own] = [header.source, header.destination].map((end) =>
      end !== undefined && 'address' in end ? `${end.address} ${end.port}` : '-',
    );
    return `the first bytes were version 2: ${client} to ${own}`;
  }
  return `the first bytes were ${JSON.stringify(bytes.toString('latin1').replace(/(?<=\n)[^]*/, ''))}`;
}

function answer(text: string): string {
  return `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(text) + 1}\r\n\r\n${text}\n`;
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

async function close(server: Server | HttpServer): Promise<void> {
  if ('closeAllConnections' in server) server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
