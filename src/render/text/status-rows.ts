import { attention, groupAttention } from '../../core/attention.js';
import type { Sends } from '../../core/status.js';
import { keepsGroup, keepsPort, keepsUnknown, type StatusFilter } from '../../core/status-filter.js';
import type { NetworkLoadBalancerStatus } from '../json/network-status.js';
import type { LoadBalancerStatus, StatusEntry } from '../json/status.js';
import { notKnownState, proxyState } from './proxy-state.js';

/** One instance port or target group in the lines of a fleet. */
export interface StatusRow {
  readonly name: string;
  readonly region: string;
  readonly kind: StatusEntry['kind'];
  /** The port, or the group's name; absent for a load balancer that has none. */
  readonly unit?: string | undefined;
  readonly listeners: readonly string[];
  readonly state?:
    | {
        readonly words: string;
        /** `sent`: every connection carries the header. `odd`: worth a second look. */
        readonly is: 'off' | 'sent' | 'odd';
      }
    | undefined;
  readonly attention: readonly string[];
}

/** The rows of one load balancer that a filter keeps; one for a load balancer without any, unless there is a filter. */
export function statusRows(status: StatusEntry, only: StatusFilter | undefined): readonly StatusRow[] {
  const { name, region, kind } = status;
  const rows = kind === 'classic' ? portRows(status, only) : groupRows(status, only);
  return (rows ?? [{ listeners: [], attention: [] }]).map((row) => ({ name, region, kind, ...row }));
}

type Row = Omit<StatusRow, 'name' | 'region' | 'kind'>;

/** Undefined if a line without a port should say that there is none. */
function portRows(
  { instancePorts, notKnown, listeners, hazards }: LoadBalancerStatus,
  only: StatusFilter | undefined,
): readonly Row[] | undefined {
  const unknown = notKnown?.instancePorts ?? [];
  if (instancePorts.length === 0 && unknown.length === 0) return only === undefined ? undefined : [];
  const leading = (port: number): readonly string[] =>
    listeners
      .filter(({ instancePort }) => instancePort === port)
      .toSorted((a, b) => a.loadBalancerPort - b.loadBalancerPort)
      .map(({ protocol, loadBalancerPort }) => `${protocol}:${loadBalancerPort}`);
  const known = instancePorts
    .filter((port) => keepsPort(only, port, hazards))
    .map((port) => ({
      number: port.instancePort,
      state: stateOf(port),
      attention: attention(port, hazards),
    }));
  const others = keepsUnknown(only) ? unknown : [];
  return [...known, ...others.map((number) => ({ number, state: unknownState, attention: [] }))]
    .toSorted((a, b) => a.number - b.number)
    .map(({ number, ...row }) => ({ unit: String(number), listeners: leading(number), ...row }));
}

function groupRows(
  { targetGroups, notKnown, listeners = [], hazards }: NetworkLoadBalancerStatus,
  only: StatusFilter | undefined,
): readonly Row[] | undefined {
  const unknown = notKnown?.targetGroups ?? [];
  if (targetGroups.length === 0 && unknown.length === 0)
    return only === undefined || (notKnown !== undefined && keepsUnknown(only)) ? undefined : [];
  const leading = (name: string): readonly string[] =>
    listeners
      .filter((listener) => listener.targetGroups.some((group) => group.name === name))
      .map(({ protocol, port }) => `${protocol}:${port}`);
  const known = targetGroups
    .filter((group) => keepsGroup(only, group, hazards))
    .map((group) => ({
      unit: group.name,
      state: stateOf(group),
      attention: groupAttention(group, hazards),
    }));
  const others = keepsUnknown(only) ? unknown : [];
  return [...known, ...others.map((unit) => ({ unit, state: unknownState, attention: [] }))]
    .toSorted((a, b) => (a.unit < b.unit ? -1 : 1))
    .map((row) => ({ ...row, listeners: leading(row.unit) }));
}

const unknownState = { words: notKnownState, is: 'odd' } as const;

function stateOf(unit: {
  readonly proxyProtocol: 'enabled' | 'disabled' | 'conflicting';
  readonly sends?: Sends | undefined;
}): NonNullable<StatusRow['state']> {
  const { proxyProtocol, sends } = unit;
  const words = proxyState(unit);
  if (proxyProtocol === 'disabled') return { words, is: 'off' };
  return { words, is: proxyProtocol === 'enabled' && sends === 'all' ? 'sent' : 'odd' };
}
