import { once } from 'node:events';
import {
  type AddressInfo,
  connect,
  createServer,
  type NetConnectOpts,
  type Server,
  type Socket,
} from 'node:net';
import type { LocalOptions } from '../../src/local/index.js';
import { certificate, type Running, start, zones } from './clients.js';

/** A port that is probably free everywhere on loopback: below the ephemeral ones, above the privileged ones. */
export const somePort = (): number => 10_000 + Math.floor(Math.random() * 20_000);

export const instanceId = 'i-0123456789abcdef0';
export const secondInstanceId = 'i-0123456789abcdef1';

/** A backend that keeps what it got, per connection. */
export interface Backend extends AsyncDisposable {
  readonly server: Server;
  readonly port: number;
  /** The connections in their order. */
  readonly connections: Received[];
  /** The n-th connection, as soon as it is there. */
  readonly connection: (n: number) => Promise<Received>;
}

/** A connection at its receiving end. */
export interface Received {
  readonly socket: Socket;
  readonly chunks: Buffer[];
  readonly text: () => string;
  readonly ended: boolean;
}

export async function until<Value>(
  what: () => Value | undefined | false | Promise<Value | undefined | false>,
  ms = 10_000,
): Promise<Value> {
  const end = performance.now() + ms;
  for (;;) {
    const value = await what();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > end) throw new Error(`waited for ${ms} ms: ${what.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Collects what a socket receives. */
export function collect(socket: Socket): Received {
  const received = { socket, chunks: [] as Buffer[], ended: false, text: () => '' };
  received.text = () => Buffer.concat(received.chunks).toString('latin1');
  socket.on('data', (chunk: Buffer) => received.chunks.push(chunk));
  socket.on('end', () => (received.ended = true));
  socket.on('error', () => undefined);
  return received;
}

/** Serves on a server that was made but does not listen yet, such as a TLS one. */
export async function serve(
  server: Server,
  { host = '127.0.0.1', port = 0, event = 'connection', health = false } = {},
): Promise<Backend> {
  const connections: Received[] = [];
  server.on(event, (socket: Socket) => {
    const received = collect(socket);
    // A health check is a connection too; it comes from the load balancer's address and says at most a line.
    if (health) connections.push(received);
    else socket.once('data', () => connections.push(received));
  });
  server.listen(port, host);
  await once(server, 'listening');
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  return {
    server,
    port: (server.address() as AddressInfo).port,
    connections,
    connection: async (n) => until(() => connections[n]),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A plain TCP backend that says nothing. */
export const backend = (options: Parameters<typeof serve>[1] = {}): Promise<Backend> =>
  serve(createServer({ allowHalfOpen: true }), options);

/** A load balancer named web that carries traffic. */
export interface Traffic extends Running {
  /** Its address. */
  readonly host: string;
  /** Its listener's port. */
  readonly port: number;
  readonly enable: (policyName?: string, value?: string) => Promise<void>;
  readonly disable: () => Promise<void>;
  readonly healthOf: (id?: string) => Promise<string | undefined>;
  readonly inService: (id?: string) => Promise<void>;
  /** Connects as a client. */
  readonly dial: (options?: Partial<NetConnectOpts>) => Promise<Received>;
}

/** How the load balancer is made. */
export interface TrafficOptions extends LocalOptions {
  readonly protocol?: 'TCP' | 'SSL' | 'HTTP' | 'HTTPS';
  readonly instanceProtocol?: 'TCP' | 'SSL' | 'HTTP' | 'HTTPS';
  /** Not to wait until the instance is in service. */
  readonly healthy?: boolean;
  readonly target?: string;
  readonly ids?: readonly string[];
}

/** Starts a service with a load balancer in front of an instance port, and waits until it is in service. */
export async function balance(instancePort: number, options: TrafficOptions = {}): Promise<Traffic> {
  const {
    protocol = 'TCP',
    instanceProtocol = protocol,
    healthy = true,
    target,
    ids = [instanceId],
  } = options;
  const running = await start({ dataPlane: true, ...options });
  const { elb, local } = running;
  const LoadBalancerName = 'web';
  let port = 0;
  // Not every system has an address for each load balancer, and any program may have the port.
  for (let attempt = 0; attempt < 10; attempt++) {
    port = somePort();
    await elb.createLoadBalancer({
      LoadBalancerName,
      Listeners: [
        {
          Protocol: protocol,
          LoadBalancerPort: port,
          InstanceProtocol: instanceProtocol,
          InstancePort: instancePort,
          SSLCertificateId: protocol === 'SSL' || protocol === 'HTTPS' ? certificate : undefined,
        },
      ],
      ...zones,
    });
    if (local.openPorts().every(({ addresses }) => addresses.length > 0)) break;
    await elb.deleteLoadBalancer({ LoadBalancerName });
  }
  if (target !== undefined) {
    await elb.configureHealthCheck({
      LoadBalancerName,
      HealthCheck: { Target: target, Interval: 5, Timeout: 2, UnhealthyThreshold: 2, HealthyThreshold: 2 },
    });
  }
  const host = local.loadBalancers()[0]?.dnsName ?? '';
  const setPolicies = async (...PolicyNames: string[]): Promise<void> => {
    await elb.setLoadBalancerPoliciesForBackendServer({
      LoadBalancerName,
      InstancePort: instancePort,
      PolicyNames,
    });
  };
  const healthOf = async (id = ids[0] ?? ''): Promise<string | undefined> => {
    const { InstanceStates } = await elb.describeInstanceHealth({
      LoadBalancerName,
      Instances: [{ InstanceId: id }],
    });
    return InstanceStates?.[0]?.State;
  };
  const inService = async (id?: string): Promise<void> => {
    await until(async () => (await healthOf(id)) === 'InService');
  };
  if (ids.length > 0) {
    await elb.registerInstancesWithLoadBalancer({
      LoadBalancerName,
      Instances: ids.map((InstanceId) => ({ InstanceId })),
    });
  }
  if (healthy) for (const id of ids) await inService(id);
  return {
    ...running,
    host,
    port,
    healthOf,
    inService,
    enable: async (policyName = 'proxy', value = 'true') => {
      await elb.createLoadBalancerPolicy({
        LoadBalancerName,
        PolicyName: policyName,
        PolicyTypeName: 'ProxyProtocolPolicyType',
        PolicyAttributes: [{ AttributeName: 'ProxyProtocol', AttributeValue: value }],
      });
      await setPolicies(policyName);
    },
    disable: () => setPolicies(),
    dial: async (connectOptions = {}) => {
      const socket = connect({ host, port, allowHalfOpen: true, ...connectOptions } as NetConnectOpts);
      const received = collect(socket);
      await once(socket, 'connect');
      return received;
    },
  };
}

/** Resolves when a socket is closed; gives whether an error closed it. */
export const closed = (socket: Socket): Promise<boolean> =>
  new Promise((resolve) => {
    if (socket.closed) resolve(socket.errored !== null);
    else socket.once('close', resolve);
  });
