import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocal } from '../../local/index.js';
import { type Asked, ask } from './ask.js';
import { type Backend, startBackend } from './backend.js';

/** Everything the demo needs: a load balancer that really forwards, a backend behind it, a client in front of it. */
export interface Stage extends AsyncDisposable {
  readonly endpoint: string;
  readonly stateDirectory: string;
  readonly backend: Backend;
  /** The address that the client connects from; undefined where the machine lets it choose none. */
  readonly client: string | undefined;
  /** Where the load balancer listens. */
  readonly listener: { readonly host: string; readonly port: number };
  /** Asks through the load balancer. */
  readonly ask: () => Promise<Asked>;
}

const instance = 'i-0123456789abcdef0';

/** Sets the stage: `web` forwards a TCP listener to the backend's port, which holds two policies of its own. */
export async function setStage(): Promise<Stage> {
  const backend = await startBackend();
  const port = await freePort();
  const local = await startLocal({ port: 0, seed: { loadBalancers: [seedOf(port, backend.port)] } });
  const stateDirectory = await mkdtemp(join(tmpdir(), 'elb-proxy-demo-'));
  const host = local.loadBalancers()[0]?.dnsName ?? '127.0.0.1';
  // Only Linux answers on all of 127.0.0.0/8.
  const client = host === '127.0.0.1' ? undefined : '127.0.0.2';
  const stage = {
    endpoint: local.endpoint,
    stateDirectory,
    backend,
    client,
    listener: { host, port },
    ask: () => ask(host, port, client),
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

function seedOf(loadBalancerPort: number, instancePort: number) {
  return {
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
    healthCheck: { target: `TCP:${instancePort}`, interval: 5, timeout: 2 },
    tags: { environment: 'demo' },
  };
}

/** The first health check takes a moment; nothing is forwarded before. */
async function inService(stage: Pick<Stage, 'ask'>): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    if ((await stage.ask()).status === 200) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}

/** A port that was free a moment ago, for the load balancer's listener. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof address === 'object' && address !== null ? address.port : 0;
}
