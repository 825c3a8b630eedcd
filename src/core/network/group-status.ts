import type { NetworkListener, NetworkLoadBalancer, TargetGroup } from '../network-load-balancer.js';
import { valueOf } from './group-state.js';

/** Whether a target group's connections start with a header. */
export type GroupProxyState = 'enabled' | 'disabled';

/** The state that a target group's attribute gives; undefined if it was not read, or is neither true nor false. */
export function groupProxyState(group: Pick<TargetGroup, 'attributes'>): GroupProxyState | undefined {
  const value = valueOf(group);
  if (value === undefined) return undefined;
  return value === 'true' ? 'enabled' : 'disabled';
}

/** The listeners that forward to a group; undefined if they are not known. */
export function listenersOfGroup(
  { listeners }: Pick<NetworkLoadBalancer, 'listeners'>,
  arn: string,
): readonly NetworkListener[] | undefined {
  return listeners?.filter(({ targetGroups }) => targetGroups.some((group) => group.arn === arn));
}

/** `TLS 443`: the protocol and port that clients connect to. */
export function networkListenerName({ protocol, port }: Pick<NetworkListener, 'protocol' | 'port'>): string {
  return `${protocol} ${port}`;
}

/** The ports that connections of a group go to: its targets' own if they are known, else the group's. */
export function targetPorts({ port, targets }: Pick<TargetGroup, 'port' | 'targets'>): readonly number[] {
  const own = (targets ?? []).map((target) => target.port ?? port);
  const ports = own.length > 0 ? own : [port];
  return [...new Set(ports.filter((one) => one !== undefined))].toSorted((a, b) => a - b);
}

/** Group protocols that AWS documents the attribute for: streams, and datagrams, where few receivers accept the header. */
export const streams: ReadonlySet<string> = new Set(['TCP', 'TLS']);
export const datagrams: ReadonlySet<string> = new Set(['UDP', 'TCP_UDP', 'QUIC', 'TCP_QUIC']);

/** Why a group can never have the header, as `target type alb`; undefined if it can, or its protocol is not known. */
export function cannotSendHeader({ protocol, targetType, missing = [] }: TargetGroup): string | undefined {
  if (targetType === 'alb' || targetType === 'lambda') return `target type ${targetType}`;
  const known = !missing.some(({ field }) => field.endsWith('.Protocol'));
  return known && !streams.has(protocol) && !datagrams.has(protocol)
    ? `protocol ${protocol || 'none'}`
    : undefined;
}
