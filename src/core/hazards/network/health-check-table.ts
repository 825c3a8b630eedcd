import { targetPorts } from '../../network/group-status.js';
import type { TargetGroup } from '../../network-load-balancer.js';

/** How a target group's health check reaches its targets, as far as the header matters. */
export type CheckKind = 'http-on-traffic-port' | 'http-on-another-port' | 'tcp';

/** How a target handles a header: it accepts none, or requires one. */
export type TargetKind = 'plain' | 'requires';

/** The result of a check; `blind`: it passes even if traffic fails because of the header. */
export type CheckOutcome = 'passes' | 'blind' | 'fails';

/**
 * The result of a target's health check, by the setting of its group. A Network Load Balancer's checks carry the header
 * once it is on, even to another port, which is assumed to have no PROXY protocol. A TCP check only connects.
 */
export const healthCheckTable = {
  off: {
    plain: { 'http-on-traffic-port': 'passes', 'http-on-another-port': 'passes', tcp: 'passes' },
    requires: { 'http-on-traffic-port': 'fails', 'http-on-another-port': 'blind', tcp: 'blind' },
  },
  on: {
    plain: { 'http-on-traffic-port': 'fails', 'http-on-another-port': 'fails', tcp: 'blind' },
    requires: { 'http-on-traffic-port': 'passes', 'http-on-another-port': 'fails', tcp: 'passes' },
  },
} as const satisfies Record<'on' | 'off', Record<TargetKind, Record<CheckKind, CheckOutcome>>>;

/** The kind of a group's check; `none` if targets are not checked, undefined if that is not known. */
export function checkKindOf(group: TargetGroup): CheckKind | 'none' | undefined {
  const { healthCheck } = group;
  if (healthCheck?.enabled === false) return 'none';
  switch (healthCheck?.protocol) {
    case 'TCP':
      return 'tcp';
    case 'HTTP':
    case 'HTTPS': {
      if (healthCheck.port === undefined) return undefined;
      if (healthCheck.port === 'traffic-port') return 'http-on-traffic-port';
      const ports = targetPorts(group);
      if (ports.length === 0) return undefined;
      // The number may be the traffic port's own, for some or all of the targets.
      return ports.every((port) => String(port) === healthCheck.port)
        ? 'http-on-traffic-port'
        : 'http-on-another-port';
    }
    default:
      return undefined;
  }
}

/** The check in a few words: `HTTP on port 8080, path /health`. */
export function checkWords({ healthCheck }: Pick<TargetGroup, 'healthCheck'>): string {
  const { protocol = 'of an unknown protocol', port = 'traffic-port', path } = healthCheck ?? {};
  const where = port === 'traffic-port' ? 'on the traffic port' : `on port ${port}`;
  return `${protocol} ${where}${path === undefined ? '' : `, path ${path}`}`;
}
