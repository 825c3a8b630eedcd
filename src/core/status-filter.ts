import { attention, groupAttention } from './attention.js';
import type { Hazard } from './hazards.js';
import type { GroupProxyState } from './network/group-status.js';
import type { InstancePortStatus, ProxyProtocolState } from './status.js';

/** The values of `status --only`. */
export const statusFilters = ['on', 'off', 'attention'] as const;

/** One of them. */
export type StatusFilter = (typeof statusFilters)[number];

/** Whether a filter keeps an instance port; `on` also keeps one whose policy is on although no line is sent. */
export function keepsPort(
  filter: StatusFilter | undefined,
  port: InstancePortStatus,
  hazards: readonly Hazard[],
): boolean {
  const { proxyProtocol } = port;
  return keeps(
    filter,
    proxyProtocol,
    () => proxyProtocol === 'conflicting' || attention(port, hazards).length > 0,
  );
}

/** The same for a target group. */
export function keepsGroup(
  filter: StatusFilter | undefined,
  group: { readonly name: string; readonly proxyProtocol: GroupProxyState },
  hazards: readonly Hazard[],
): boolean {
  return keeps(filter, group.proxyProtocol, () => groupAttention(group, hazards).length > 0);
}

function keeps(
  filter: StatusFilter | undefined,
  state: ProxyProtocolState,
  wantsAttention: () => boolean,
): boolean {
  switch (filter) {
    case undefined:
      return true;
    case 'on':
      return state === 'enabled';
    case 'off':
      return state === 'disabled';
    case 'attention':
      return wantsAttention();
  }
}

/** Whether a filter keeps an instance port or target group whose state is not known: that is neither on nor off, and worth a look. */
export function keepsUnknown(filter: StatusFilter | undefined): boolean {
  return filter === undefined || filter === 'attention';
}
