import { attention, groupAttention } from './attention.js';
import type { Hazard } from './hazards.js';
import type { GroupProxyState } from './network/group-status.js';
import type { InstancePortStatus } from './status.js';

/** What `status --only` keeps. */
export const statusFilters = ['on', 'off', 'attention'] as const;

/** One of them. */
export type StatusFilter = (typeof statusFilters)[number];

/**
 * Whether a filter keeps an instance port; without a filter every port is kept. `on` keeps a port whose policy is on
 * without a line being sent, too: it is neither off nor all right.
 */
export function keepsPort(
  filter: StatusFilter | undefined,
  port: InstancePortStatus,
  hazards: readonly Hazard[],
): boolean {
  switch (filter) {
    case undefined:
      return true;
    case 'on':
      return port.proxyProtocol === 'enabled';
    case 'off':
      return port.proxyProtocol === 'disabled';
    case 'attention':
      return port.proxyProtocol === 'conflicting' || attention(port, hazards).length > 0;
  }
}

/** The same for a target group. */
export function keepsGroup(
  filter: StatusFilter | undefined,
  group: { readonly name: string; readonly proxyProtocol: GroupProxyState },
  hazards: readonly Hazard[],
): boolean {
  switch (filter) {
    case undefined:
      return true;
    case 'on':
      return group.proxyProtocol === 'enabled';
    case 'off':
      return group.proxyProtocol === 'disabled';
    case 'attention':
      return groupAttention(group, hazards).length > 0;
  }
}

/** Whether a filter keeps an instance port or target group whose state is not known: that is neither on nor off, and worth a look. */
export function keepsUnknown(filter: StatusFilter | undefined): boolean {
  return filter === undefined || filter === 'attention';
}
