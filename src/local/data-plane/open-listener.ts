import type { Server, Socket } from 'node:net';
import { hostAndPort } from '../../core/host-and-port.js';
import type { ListenerServer } from './listener-server.js';

/** A listener that takes connections. */
export interface OpenListener {
  /** Where it can be connected to: `127.0.1.1:443`, `[::1]:443`. */
  readonly addresses: readonly string[];
  /** Applies its present policies to new connections. */
  readonly follow: () => void;
  /** Takes no more connections; those that are open go on. */
  readonly stopAccepting: () => void;
  /** Takes no more connections and ends those that are open. */
  readonly close: () => Promise<void>;
  /** Settles when the last connection has ended after either of the two. */
  readonly closed: Promise<void>;
}

const BACKLOG = 1024;

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: BACKLOG, exclusive: true, ipv6Only: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** A listener to be opened. */
export interface ListenerPort {
  readonly port: number;
  /** The load balancer's own address first. */
  readonly hosts: readonly string[];
  /** Makes a server for one of the hosts. */
  readonly make: () => Promise<ListenerServer>;
  /** Called with an error of an open listener, such as too many open files. */
  readonly onError: (error: Error) => void;
}

/**
 * Opens a listener at its load balancer's address, the first of the hosts, and at the others where it can.
 *
 * The other one is ::1, for IPv6 clients. IPv6 has no second loopback address, so load balancers
 * share it: the first that opens a port there has it, and where it is taken or missing nothing is lost.
 *
 * @throws the error of a port that cannot be bound at the load balancer's address.
 */
export async function openListener({ port, hosts, make, onError }: ListenerPort): Promise<OpenListener> {
  const [host = '127.0.0.1', ...others] = hosts;
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  const follows: (() => void)[] = [];
  const addresses: string[] = [];

  function forget(this: Socket): void {
    sockets.delete(this);
  }

  async function open(at: string): Promise<void> {
    const { server, follow } = await make();
    // With TLS, too, this is the bare connection, before any handshake.
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', forget);
    });
    await listen(server, at, port);
    server.on('error', onError);
    servers.push(server);
    follows.push(follow);
    addresses.push(hostAndPort(at, port));
  }

  await open(host);
  for (const other of others) await open(other).catch(() => undefined);

  const closed = Promise.all(
    servers.map((server) => new Promise<void>((resolve) => void server.once('close', resolve))),
  ).then(() => undefined);
  const stopAccepting = (): void => {
    for (const server of servers) server.close();
  };
  return {
    addresses,
    follow: () => {
      for (const follow of follows) follow();
    },
    stopAccepting,
    closed,
    close: async () => {
      stopAccepting();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
