import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LocalOptions } from '../../../src/local/index.js';
import { type Running, start } from '../clients.js';

/** A service and the SDK's client of its newer API. */
export interface RunningV2 extends Running {
  readonly v2: ElasticLoadBalancingV2;
  /** Makes a target group; gives its ARN. */
  readonly group: (name: string, of?: object) => Promise<string>;
  /** Makes a Network Load Balancer; gives its ARN. */
  readonly network: (name: string, of?: object) => Promise<string>;
  /** Makes a listener that forwards to groups by their ARNs; gives its ARN. */
  readonly listener: (
    loadBalancer: string,
    port: number,
    groups: readonly string[],
    of?: object,
  ) => Promise<string>;
  /** A group's attributes as they are listed, by key. */
  readonly attributesOf: (group: string) => Promise<Readonly<Record<string, string>>>;
}

export const vpc = 'vpc-0a1b2c3d';

export const clientV2 = (endpoint: string, region = 'us-east-1'): ElasticLoadBalancingV2 =>
  new ElasticLoadBalancingV2({
    endpoint,
    region,
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  });

const present = (value: string | undefined): string => {
  if (value === undefined) throw new Error('the answer names nothing');
  return value;
};

/** Starts a service, without a data plane unless it is asked for. */
export async function startV2(options: LocalOptions = {}): Promise<RunningV2> {
  const running = await start(options);
  const v2 = clientV2(running.local.endpoint);
  return {
    ...running,
    v2,
    group: async (Name, of = {}) => {
      const { TargetGroups } = await v2.createTargetGroup({
        Name,
        Protocol: 'TCP',
        Port: 8443,
        VpcId: vpc,
        ...of,
      });
      return present(TargetGroups?.[0]?.TargetGroupArn);
    },
    network: async (Name, of = {}) => {
      const { LoadBalancers } = await v2.createLoadBalancer({
        Name,
        Type: 'network',
        Subnets: ['subnet-1'],
        ...of,
      });
      return present(LoadBalancers?.[0]?.LoadBalancerArn);
    },
    listener: async (LoadBalancerArn, Port, groups, of = {}) => {
      const { Listeners } = await v2.createListener({
        LoadBalancerArn,
        Protocol: 'TCP',
        Port,
        DefaultActions: [
          {
            Type: 'forward',
            ForwardConfig: { TargetGroups: groups.map((TargetGroupArn) => ({ TargetGroupArn })) },
          },
        ],
        ...of,
      });
      return present(Listeners?.[0]?.ListenerArn);
    },
    attributesOf: async (TargetGroupArn) => {
      const { Attributes = [] } = await v2.describeTargetGroupAttributes({ TargetGroupArn });
      return Object.fromEntries(Attributes.map(({ Key = '', Value = '' }) => [Key, Value]));
    },
    [Symbol.asyncDispose]: async () => {
      v2.destroy();
      await running[Symbol.asyncDispose]();
    },
  };
}
