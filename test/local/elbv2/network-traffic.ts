import { once } from 'node:events';
import { connect, type NetConnectOpts } from 'node:net';
import type { LocalOptions, Seed } from '../../../src/local/index.js';
import { decode } from '../../../src/proxy-protocol/index.js';
import { collect, instanceId, type Received, somePort, until } from '../traffic.js';
import { type RunningV2, startV2 } from './stage.js';

type SeedGroup = NonNullable<NonNullable<Seed['elbv2']>['targetGroups']>[number];
type SeedListener = NonNullable<
  NonNullable<NonNullable<Seed['elbv2']>['loadBalancers']>[number]['listeners']
>[number];

/** A Network Load Balancer named edge that carries traffic. */
export interface NetworkTraffic extends RunningV2 {
  /** Its address. */
  readonly host: string;
  /** Its first listener's port. */
  readonly port: number;
  /** The ARN of a group. */
  readonly groupArn: (name?: string) => string;
  readonly set: (key: string, value: string, group?: string) => Promise<void>;
  /** Switches the PROXY protocol of a group. */
  readonly proxy: (on: boolean, group?: string) => Promise<void>;
  /** A group's first target's state and reason. */
  readonly healthOf: (
    group?: string,
  ) => Promise<readonly [state: string | undefined, reason: string | undefined]>;
  readonly becomes: (state: string, group?: string) => Promise<void>;
  /** Connects as a client. */
  readonly dial: (options?: Partial<NetConnectOpts>) => Promise<Received>;
}

/** How the load balancer is made. */
export interface NetworkTrafficOptions extends LocalOptions {
  readonly groups: readonly (Partial<SeedGroup> & { readonly port: number })[];
  /** Groups that no listener forwards to yet. */
  readonly more?: NetworkTrafficOptions['groups'];
  readonly listener?: Partial<SeedListener>;
  /** Not to wait until each group's first target is healthy. */
  readonly healthy?: boolean;
}

/** A check every second, so that a test does not take minutes. */
export const quickCheck = { interval: 1, timeout: 1, healthyThreshold: 2, unhealthyThreshold: 2 };

/** Starts a service with a Network Load Balancer in front of groups, and waits until their targets are healthy. */
export async function balanceNetwork({
  groups,
  more = [],
  listener = {},
  healthy = true,
  ...options
}: NetworkTrafficOptions): Promise<NetworkTraffic> {
  const named = (group: (typeof groups)[number], index: number) => ({
    name: `group-${index}`,
    protocol: 'TCP',
    targets: [instanceId],
    ...group,
    healthCheck: { ...quickCheck, ...group.healthCheck },
  });
  const targetGroups = groups.map(named);
  const { port = somePort(), ...rest } = listener;
  const running = await startV2({
    dataPlane: true,
    ...options,
    seed: {
      elbv2: {
        targetGroups: [...targetGroups, ...more.map((group, index) => named(group, groups.length + index))],
        loadBalancers: [
          {
            name: 'edge',
            listeners: [
              { protocol: 'TCP', port, targetGroups: targetGroups.map(({ name }) => name), ...rest },
            ],
          },
        ],
      },
    },
  });
  const { v2, local } = running;
  const groupArn = (name = 'group-0'): string =>
    local.elbv2().targetGroups.find((one) => one.name === name)?.arn ?? '';
  const set = async (Key: string, Value: string, group?: string): Promise<void> => {
    await v2.modifyTargetGroupAttributes({ TargetGroupArn: groupArn(group), Attributes: [{ Key, Value }] });
  };
  const healthOf = async (group?: string) => {
    const { TargetHealthDescriptions } = await v2.describeTargetHealth({ TargetGroupArn: groupArn(group) });
    const health = TargetHealthDescriptions?.[0]?.TargetHealth;
    return [health?.State, health?.Reason] as const;
  };
  const becomes = async (state: string, group?: string): Promise<void> => {
    await until(async () => (await healthOf(group))[0] === state, 20_000);
  };
  if (healthy) for (const { name } of targetGroups) await becomes('healthy', name);
  const host = local.elbv2().loadBalancers[0]?.dnsName ?? '';
  return {
    ...running,
    host,
    port,
    groupArn,
    set,
    proxy: (on, group) => set('proxy_protocol_v2.enabled', String(on), group),
    healthOf,
    becomes,
    dial: async (connectOptions = {}) => {
      const socket = connect({ host, port, allowHalfOpen: true, ...connectOptions } as NetConnectOpts);
      const client = collect(socket);
      await once(socket, 'connect');
      return client;
    },
  };
}

/** What a backend received, in its parts: the header as decoded, and what came behind it. */
export function received({ chunks }: Received) {
  const bytes = Buffer.concat(chunks);
  const header = decode(bytes);
  const consumed = header.kind === 'valid' ? header.consumed : 0;
  return { bytes, header, consumed, payload: bytes.subarray(consumed).toString('latin1') };
}
