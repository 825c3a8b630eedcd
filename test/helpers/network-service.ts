import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type LocalElb, type LocalOptions, type Seed, startLocal } from '../../src/local/index.js';
import type { RunOptions } from './elb-proxy.js';

/** The attribute that is switched. */
export const proxyKey = 'proxy_protocol_v2.enabled';

/**
 * The stage that the tests start from: `edge`, a Network Load Balancer with TCP 443 to `blue` and TCP 444 to `green`;
 * `both`, one of each kind, the Network Load Balancer with `red`; `shop`, an Application Load Balancer with `web`; the
 * group `alone`, which is on none; and `web`, a Classic load balancer.
 */
export const stage: Seed = {
  loadBalancers: ['web', 'both'].map((name) => ({
    name,
    listeners: [{ protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 }],
  })),
  elbv2: {
    targetGroups: [
      ...['blue', 'green', 'red', 'alone'].map((name) => ({
        name,
        protocol: 'TCP',
        port: 8443,
        targetType: 'ip' as const,
        healthCheck: { protocol: 'TCP' },
      })),
      { name: 'web', protocol: 'HTTP', port: 80 },
    ],
    loadBalancers: [
      {
        name: 'edge',
        listeners: [
          { protocol: 'TCP', port: 443, targetGroups: ['blue'] },
          { protocol: 'TCP', port: 444, targetGroups: ['green'] },
        ],
      },
      { name: 'both', listeners: [{ protocol: 'TCP', port: 443, targetGroups: ['red'] }] },
      {
        name: 'shop',
        type: 'application',
        listeners: [{ protocol: 'HTTP', port: 80, targetGroups: ['web'] }],
      },
    ],
  },
};

/** A local service with Network Load Balancers, and hands to look at it and to write to it as someone else would. */
export interface NetworkService extends AsyncDisposable {
  readonly endpoint: string;
  readonly local: LocalElb;
  readonly client: ElasticLoadBalancingV2;
  readonly arnOf: (group: string) => Promise<string>;
  /** The attribute; undefined where it is not listed. */
  readonly valueOf: (group: string) => Promise<string | undefined>;
  readonly set: (group: string, value: string) => Promise<void>;
}

/** Starts one. */
export async function startNetworkService(
  seed: Seed = stage,
  options: Omit<LocalOptions, 'seed'> = {},
): Promise<NetworkService> {
  const local = await startLocal({ port: 0, dataPlane: false, ...options, seed });
  const hands = handsOn(local.endpoint);
  return {
    endpoint: local.endpoint,
    local,
    ...hands,
    [Symbol.asyncDispose]: async () => {
      hands.client.destroy();
      await local.close();
    },
  };
}

/** Hands on the ELBv2 API at an endpoint. */
export function handsOn(endpoint: string): Pick<NetworkService, 'client' | 'arnOf' | 'valueOf' | 'set'> {
  const client = new ElasticLoadBalancingV2({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'other', secretAccessKey: 'operator' },
  });
  const arnOf = async (group: string): Promise<string> => {
    const { TargetGroups } = await client.describeTargetGroups({ Names: [group] });
    const arn = TargetGroups?.[0]?.TargetGroupArn;
    if (arn === undefined) throw new Error(`no target group ${group}`);
    return arn;
  };
  return {
    client,
    arnOf,
    valueOf: async (group) => {
      const { Attributes } = await client.describeTargetGroupAttributes({
        TargetGroupArn: await arnOf(group),
      });
      return Attributes?.find(({ Key }) => Key === proxyKey)?.Value;
    },
    set: async (group, Value) => {
      await client.modifyTargetGroupAttributes({
        TargetGroupArn: await arnOf(group),
        Attributes: [{ Key: proxyKey, Value }],
      });
    },
  };
}

/** How the program is run at an endpoint that serves both kinds of load balancers. */
export function bothKindsAt(
  { endpoint }: { readonly endpoint: string },
  stateDirectory?: string,
): Pick<RunOptions, 'endpoint' | 'env' | 'stateDirectory'> {
  return {
    endpoint,
    env: { AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: endpoint },
    ...(stateDirectory === undefined ? {} : { stateDirectory }),
  };
}
