import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type LocalElb, type Seed, startLocal } from '../../local/index.js';
import { type Asked, ask } from './ask.js';
import { type Backend, startBackend } from './backend.js';

/** Everything the demo needs: a load balancer that really forwards, a backend behind it, a client in front of it. */
export interface Stage extends AsyncDisposable {
  readonly endpoint: string;
  readonly stateDirectory: string;
  readonly backend: Backend;
  /** The address that the client connects from; undefined if the machine lets it choose none. */
  readonly client: string | undefined;
  /** The listeners of the Classic load balancer and of the Network Load Balancer, in front of the same backend. */
  readonly listeners: Readonly<Record<Way, { readonly host: string; readonly port: number }>>;
  /** Asks through a load balancer. */
  readonly ask: (way?: Way) => Promise<Asked>;
  /** Acts while a command runs, until the signal ends it. */
  readonly meanwhile: (what: Meanwhile, signal: AbortSignal) => Promise<void>;
  /** Resolves once the instance is in service. */
  readonly ready: () => Promise<void>;
}

/** Through which load balancer. */
export type Way = 'classic' | 'network';

/** Clients who ask all the time; or an alarm that goes off as soon as the instance port sends the line. */
export type Meanwhile = 'clients ask' | 'alarm';

const instance = 'i-0123456789abcdef0';

/**
 * Sets the stage: `web` forwards a TCP listener to the backend's port, which holds two policies of its own; `edge` is a
 * Network Load Balancer whose group `app` has the same backend.
 */
export async function setStage(): Promise<Stage> {
  const backend = await startBackend();
  const port = await freePort();
  const networkPort = await freePort();
  const local = await startLocal({ port: 0, seed: seedOf(port, networkPort, backend) });
  const stateDirectory = await mkdtemp(join(tmpdir(), 'elb-proxy-demo-'));
  const host = local.loadBalancers()[0]?.dnsName ?? '127.0.0.1';
  // Only Linux answers on all of 127.0.0.0/8.
  const client = host === '127.0.0.1' ? undefined : '127.0.0.2';
  const listeners = {
    classic: { host, port },
    network: { host: local.elbv2().loadBalancers[0]?.dnsName ?? '127.0.0.1', port: networkPort },
  };
  const stage: Stage = {
    endpoint: local.endpoint,
    stateDirectory,
    backend,
    client,
    listeners,
    ask: (way = 'classic') => ask(listeners[way].host, listeners[way].port, client),
    meanwhile: async (what: Meanwhile, signal: AbortSignal) => {
      while (!signal.aborted) {
        if (what === 'clients ask') await ask(host, port, client);
        else if (sendsLine(local)) return setAlarm(local.endpoint);
        await pause(100);
      }
    },
    ready: () => inService(stage),
    [Symbol.asyncDispose]: async () => {
      await local.close();
      await backend.close();
      await rm(stateDirectory, { recursive: true, force: true });
    },
  };
  await inService(stage);
  return stage;
}

function auth(policyName: string) {
  return {
    policyName,
    policyTypeName: 'BackendServerAuthenticationPolicyType',
    attributes: { PublicKeyPolicyName: 'backend-key' },
  };
}

function seedOf(loadBalancerPort: number, networkPort: number, backend: Backend): Seed {
  const { port: instancePort, healthPort } = backend;
  return {
    loadBalancers: [
      {
        name: 'web',
        listeners: [{ protocol: 'TCP', loadBalancerPort, instanceProtocol: 'TCP', instancePort }],
        policies: [
          {
            policyName: 'backend-key',
            policyTypeName: 'PublicKeyPolicyType',
            attributes: { PublicKey: 'MIGfMA0GCSqGSIb3DQEB' },
          },
          auth('z-auth'),
          auth('b-auth'),
        ],
        backendPolicies: [{ instancePort, policyNames: ['z-auth', 'b-auth'] }],
        instances: [instance],
        // Times as short as they get: a real health check takes a minute to notice.
        healthCheck: {
          target: `HTTP:${healthPort}/`,
          interval: 1,
          timeout: 1,
          unhealthyThreshold: 2,
          healthyThreshold: 2,
        },
        tags: { environment: 'demo' },
      },
    ],
    elbv2: {
      targetGroups: [{ name: 'app', protocol: 'TCP', port: instancePort, targets: [instance] }],
      loadBalancers: [
        { name: 'edge', listeners: [{ protocol: 'TCP', port: networkPort, targetGroups: ['app'] }] },
      ],
    },
    alarms: [{ name: 'web-errors', period: 1 }],
  };
}

/** Whether a third policy has joined the two that the instance port had. */
function sendsLine(local: LocalElb): boolean {
  return local.loadBalancers()[0]?.backendPolicies[0]?.policyNames.length === 3;
}

/** Does what `aws cloudwatch set-alarm-state` does. */
async function setAlarm(endpoint: string): Promise<void> {
  await fetch(endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': 'GraniteServiceVersion20100801.SetAlarmState' },
    body: JSON.stringify({ AlarmName: 'web-errors', StateValue: 'ALARM', StateReason: 'a rehearsal' }),
  });
}

/** The first health check takes a moment; nothing is forwarded before. */
async function inService(stage: Pick<Stage, 'ask'>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if ((await stage.ask()).status === 200) return;
    await pause(100);
  }
}

/** A port that was free a moment ago, for the load balancer's listener. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
