import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  DescribeInstanceHealthCommand,
  ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing';
import type { InstanceAddresses, Seed } from '../../src/local/index.js';
import { acceptProxyProtocol } from '../../src/proxy-protocol/index.js';
import { type Service, startService } from './service.js';

/** What a backend does with the line. */
export type Speaks = 'plain' | 'accepts' | 'requires';

/** A load balancer that really forwards and really checks its instances, and a backend behind it. */
export interface Guarded extends AsyncDisposable {
  readonly service: Service;
  /** The instance port. */
  readonly port: number;
  readonly listenerPort: number;
  /** What `/health` answers from now on. */
  health: number;
  /** Resolves once the port has the PROXY policy, or no longer has it. */
  readonly once: (state: 'on' | 'off') => Promise<void>;
  readonly isOn: () => boolean;
  /** Resolves once the backend has answered 400 this many times. */
  readonly refused: (count: number) => Promise<void>;
  /** Resolves once so many instances are in service. */
  readonly inService: (count: number) => Promise<void>;
}

/** How the load balancer is set up. */
export interface GuardedOptions {
  readonly instances?: readonly string[];
  /** `HTTP` checks `/health`, which goes through no PROXY policy. */
  readonly check?: 'TCP' | 'HTTP';
  readonly alarms?: Seed['alarms'];
  readonly startsOn?: boolean;
  /** Of instances that are not where the backend is. */
  readonly addresses?: InstanceAddresses;
}

/** Seconds. Two failed checks are noticed within four seconds, and `health` holds for six. */
const scaled = { interval: 2, timeout: 1, unhealthyThreshold: 2, healthyThreshold: 2 };

/** Starts both, and waits for the instances to come into service where they can. */
export async function startGuarded(
  speaks: Speaks,
  {
    instances = ['i-0123456789abcdef0'],
    check = 'TCP',
    alarms,
    startsOn = false,
    addresses = {},
  }: GuardedOptions = {},
): Promise<Guarded> {
  const state = { health: 200, refused: 0 };
  const server: Server = createServer((request, response) => {
    response.writeHead(request.url === '/health' ? state.health : 200).end();
  });
  server.on('clientError', (_error, socket) => {
    state.refused += 1;
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  });
  if (speaks === 'accepts') acceptProxyProtocol(server, { mode: 'optional', trusted: ['127.0.0.0/8'] });
  if (speaks === 'requires')
    acceptProxyProtocol(server, { trusted: ['127.0.0.0/8'], onRefused: () => undefined });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const listenerPort = 20_000 + (port % 10_000);
  const target = check === 'TCP' ? `TCP:${port}` : `HTTP:${port}/health`;
  const service = await startService(
    {
      loadBalancers: [
        {
          name: 'web',
          listeners: [{ protocol: 'TCP', loadBalancerPort: listenerPort, instancePort: port }],
          policies: [
            {
              policyName: 'on',
              policyTypeName: 'ProxyProtocolPolicyType',
              attributes: { ProxyProtocol: 'true' },
            },
          ],
          ...(startsOn ? { backendPolicies: [{ instancePort: port, policyNames: ['on'] }] } : {}),
          instances,
          healthCheck: { target, ...scaled },
        },
      ],
      alarms,
    },
    { dataPlane: true, instances: addresses },
  );
  const isOn = () => service.local.loadBalancers()[0]?.backendPolicies.length === 1;
  return {
    service,
    port,
    listenerPort,
    get health() {
      return state.health;
    },
    set health(status) {
      state.health = status;
    },
    isOn,
    refused: async (count) => {
      while (state.refused < count) await pause(20);
    },
    once: async (wanted) => {
      while (isOn() !== (wanted === 'on')) await pause(20);
    },
    inService: async (count) => {
      const client = new ElasticLoadBalancingClient({
        region: 'us-east-1',
        endpoint: service.endpoint,
        credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
      });
      for (;;) {
        const { InstanceStates = [] } = await client.send(
          new DescribeInstanceHealthCommand({ LoadBalancerName: 'web' }),
        );
        if (InstanceStates.filter(({ State }) => State === 'InService').length === count) break;
        await pause(50);
      }
      client.destroy();
    },
    [Symbol.asyncDispose]: async () => {
      await service[Symbol.asyncDispose]();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
