import { type NetworkLoadBalancer, proxyProtocolV2Key, type TargetGroup } from '../network-load-balancer.js';
import type { Sends } from '../status.js';
import { type GroupProxyState, groupProxyState, listenersOfGroup } from './group-status.js';

/** The status of one target group of a Network Load Balancer. */
export interface TargetGroupStatus {
  readonly group: TargetGroup;
  readonly proxyProtocol: GroupProxyState;
  /** Whether the service does not list the attribute, so that its default holds. */
  readonly isDefault: boolean;
  /** `none` if nothing forwards to the group; absent if the listeners are not known. */
  readonly sends?: Extract<Sends, 'all' | 'none'> | undefined;
}

/** The status of every target group of which enough was read, by name; the others are in {@link networkNotKnownOf}. */
export function targetGroupStatuses(loadBalancer: NetworkLoadBalancer): readonly TargetGroupStatus[] {
  return (loadBalancer.targetGroups ?? []).flatMap((group) => {
    const proxyProtocol = groupProxyState(group);
    if (proxyProtocol === undefined) return [];
    const listeners = listenersOfGroup(loadBalancer, group.arn);
    const sends =
      proxyProtocol === 'disabled' || listeners?.length === 0 ? 'none' : listeners && ('all' as const);
    return [
      {
        group,
        proxyProtocol,
        isDefault: group.attributes?.[proxyProtocolV2Key] === undefined,
        ...(sends === undefined ? {} : { sends }),
      },
    ];
  });
}

/** The gaps in what is known of a Network Load Balancer. */
export interface NetworkNotKnown {
  /** The fields that the service left out, by their names in the API. */
  readonly fields: readonly string[];
  /** The names of the target groups of which it is not known whether they send the header. */
  readonly targetGroups: readonly string[];
  /** Values of the attribute that are neither true nor false. */
  readonly values?: readonly { readonly targetGroup: string; readonly value: string }[] | undefined;
}

/** The gaps in what is known of a load balancer; undefined if everything was answered. */
export function networkNotKnownOf({
  targetGroups,
  missing = [],
  listeners,
}: NetworkLoadBalancer): NetworkNotKnown | undefined {
  const groups = targetGroups ?? [];
  const unknown = groups.filter((group) => groupProxyState(group) === undefined);
  const fields = [
    ...missing.map(({ field }) => field),
    ...(targetGroups === undefined ? ['TargetGroups'] : []),
    ...(listeners === undefined ? ['Listeners'] : []),
    ...groups.flatMap((group) =>
      (group.missing ?? []).map(({ field }) => field.replace('[]', `[${group.name}]`)),
    ),
    ...unknown.flatMap(({ name, attributes }) =>
      attributes === undefined ? [`TargetGroupAttributes[${name}]`] : [],
    ),
  ];
  const values = unknown.flatMap(({ name, attributes }) => {
    const value = attributes?.[proxyProtocolV2Key];
    return value === undefined ? [] : [{ targetGroup: name, value }];
  });
  if (fields.length === 0 && unknown.length === 0) return undefined;
  return {
    fields,
    targetGroups: unknown.map(({ name }) => name),
    ...(values.length === 0 ? {} : { values }),
  };
}
