import {
  type NetworkListener,
  type NetworkLoadBalancer,
  proxyProtocolV2Key,
  type TargetGroup,
} from '../network-load-balancer.js';

/** Whether a target group's connections start with a header. */
export type GroupProxyState = 'enabled' | 'disabled';

/**
 * The state in a target group's attribute, in any letter case; a key that the service does not list has its default,
 * off. Undefined if it was not read, or is neither true nor false.
 */
export function groupProxyState({
  attributes,
}: Pick<TargetGroup, 'attributes'>): GroupProxyState | undefined {
  if (attributes === undefined) return undefined;
  switch (attributes[proxyProtocolV2Key]?.trim().toLowerCase()) {
    case 'true':
      return 'enabled';
    case 'false':
    case undefined:
      return 'disabled';
    default:
      return undefined;
  }
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
