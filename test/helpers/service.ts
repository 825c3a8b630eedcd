import {
  CreateLoadBalancerPolicyCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingClient,
  SetLoadBalancerPoliciesForBackendServerCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import { type LocalElb, type LocalOptions, type Seed, startLocal } from '../../src/local/index.js';

/** A local service with one load balancer, `web`, and hands to look at it and write to it as another operator would. */
export interface Service extends AsyncDisposable {
  readonly endpoint: string;
  readonly local: LocalElb;
  /** The ordered list of an instance port. */
  readonly listOf: (instancePort: number, name?: string) => Promise<readonly string[]>;
  /** The names of all policies except those on listeners by default. */
  readonly policyNames: (name?: string) => Promise<readonly string[]>;
  readonly createPolicy: (policyName: string, value?: string, name?: string) => Promise<void>;
  readonly setList: (instancePort: number, policyNames: readonly string[], name?: string) => Promise<void>;
}

function auth(policyName: string) {
  return {
    policyName,
    policyTypeName: 'BackendServerAuthenticationPolicyType',
    attributes: { PublicKeyPolicyName: 'key' },
  };
}

/**
 * The seed that the tests start from: TCP 443 to 8443, which holds [z-auth, b-auth]; TCP 444 to 9443, which holds
 * [b-auth]; TCP 445 to 9444, which holds nothing.
 */
export const twoAuthPolicies: Seed = {
  loadBalancers: [
    {
      name: 'web',
      listeners: [
        { protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 },
        { protocol: 'TCP', loadBalancerPort: 444, instancePort: 9443 },
        { protocol: 'TCP', loadBalancerPort: 445, instancePort: 9444 },
      ],
      policies: [
        { policyName: 'key', policyTypeName: 'PublicKeyPolicyType', attributes: { PublicKey: 'MIIB' } },
        auth('z-auth'),
        auth('b-auth'),
      ],
      backendPolicies: [
        { instancePort: 8443, policyNames: ['z-auth', 'b-auth'] },
        { instancePort: 9443, policyNames: ['b-auth'] },
      ],
      instances: ['i-0123456789abcdef0'],
      healthCheck: { target: 'TCP:8443' },
    },
  ],
};

/** Starts a service and gives hands to it. */
export async function startService(
  seed: Seed | 'demo' = twoAuthPolicies,
  options: Omit<LocalOptions, 'seed'> = {},
): Promise<Service> {
  const local = await startLocal({ port: 0, dataPlane: false, ...options, seed });
  const client = new ElasticLoadBalancingClient({
    region: 'us-east-1',
    endpoint: local.endpoint,
    credentials: { accessKeyId: 'other', secretAccessKey: 'operator' },
  });
  const find = (name: string) => {
    const found = local.loadBalancers().find(({ loadBalancerName }) => loadBalancerName === name);
    if (found === undefined) throw new Error(`no load balancer ${name}`);
    return found;
  };
  return {
    endpoint: local.endpoint,
    local,
    listOf: async (instancePort, name = 'web') => {
      const answer = await client.send(new DescribeLoadBalancersCommand({ LoadBalancerNames: [name] }));
      const servers = answer.LoadBalancerDescriptions?.[0]?.BackendServerDescriptions ?? [];
      return servers.find((server) => server.InstancePort === instancePort)?.PolicyNames ?? [];
    },
    policyNames: async (name = 'web') => find(name).policies.map(({ policyName }) => policyName),
    createPolicy: async (policyName, value = 'true', name = 'web') => {
      await client.send(
        new CreateLoadBalancerPolicyCommand({
          LoadBalancerName: name,
          PolicyName: policyName,
          PolicyTypeName: 'ProxyProtocolPolicyType',
          PolicyAttributes: [{ AttributeName: 'ProxyProtocol', AttributeValue: value }],
        }),
      );
    },
    setList: async (instancePort, policyNames, name = 'web') => {
      await client.send(
        new SetLoadBalancerPoliciesForBackendServerCommand({
          LoadBalancerName: name,
          InstancePort: instancePort,
          PolicyNames: [...policyNames],
        }),
      );
    },
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      await local.close();
    },
  };
}
