import { checkWords } from '../../core/hazards/network/health-check-table.js';
import { networkListenerName } from '../../core/network/group-status.js';
import type { NetworkLoadBalancerStatus, TargetGroupEntry } from '../json/network-status.js';
import { printable } from '../printable.js';
import { type Style, symbols } from '../style.js';
import { hazardSection } from './hazard-lines.js';
import { leftOut } from './left-out.js';
import { waysTo } from './listener-picture.js';
import { loadBalancerHeading } from './load-balancer-heading.js';
import { facts, joinLines, paragraph } from './paragraph.js';
import { notKnownState, stateCell, unknownCell } from './proxy-state.js';
import { type Cell, table } from './table.js';

/** A Network Load Balancer as a picture: listeners, the target groups that they lead to, and what each sends. */
export function networkPicture(status: NetworkLoadBalancerStatus, style: Style): string {
  const shown = printable(status);
  const { state, ipAddressType } = shown;
  const about = [
    'Network Load Balancer',
    ...(state === undefined || state === 'active' ? [] : [`state ${state}`]),
    ...(ipAddressType === undefined ? [] : [ipAddressType]),
  ];
  return joinLines([
    ...loadBalancerHeading(shown, style),
    ...facts(about, style),
    '',
    ...groupTable(shown, style),
    ...healthLines(shown, style),
    ...idleListeners(shown, style),
    ...leftOut(shown.notKnown, style),
    ...hazardSection('Hazards of enabling it', shown.hazards, { forced: [] }, style),
  ]);
}

function groupTable(status: NetworkLoadBalancerStatus, style: Style): readonly string[] {
  const { targetGroups, notKnown, listeners } = status;
  const unknown = notKnown?.targetGroups ?? [];
  if (targetGroups.length === 0 && unknown.length === 0)
    return [`  ${notKnown === undefined ? 'no target groups' : 'no target group is known'}`];
  const rows = [
    ...targetGroups.map((group) => ({ name: group.name, place: placeOf(group), group })),
    ...unknown.map((name) => ({ name, place: name, group: undefined })),
  ].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const leading = (name: string): readonly string[] | undefined =>
    listeners
      ?.filter((listener) => listener.targetGroups.some((one) => one.name === name))
      .map((listener) => {
        const weight = listener.targetGroups.find((one) => one.name === name)?.weight;
        // Weights matter where a listener divides its connections.
        const divides = listener.targetGroups.length > 1 && weight !== undefined;
        return `${networkListenerName(listener)}${divides ? ` (weight ${weight})` : ''}`;
      });
  const ways = waysTo(
    rows.map(({ name, place }) => ({ place, listeners: leading(name) })),
    style,
  );
  const columns = [
    { heading: `LISTENER ${symbols(style).arrow} TARGET GROUP`, wraps: false },
    { heading: 'PROXY V2', wraps: true },
  ];
  const cells = rows.map(({ group }, index): readonly Cell[] => [
    (ways[index] ?? []).map((text) => ({ text })),
    group === undefined ? unknownCell(style) : stateCell(group, style),
  ]);
  return table(columns, cells, style, 2);
}

function placeOf({ name, protocol, port }: TargetGroupEntry): string {
  return [name, protocol, port].filter((part) => part !== undefined && part !== '').join(' ');
}

/** The health checks, and the number of targets that pass. */
function healthLines({ targetGroups }: NetworkLoadBalancerStatus, style: Style): readonly string[] {
  if (targetGroups.length === 0) return [];
  return [
    '',
    `  ${style.colour.bold('Targets')}`,
    ...targetGroups.flatMap((group) => {
      const { name, targets, healthCheck } = group;
      const healthy =
        targets === undefined
          ? ''
          : targets.total === 0
            ? 'none registered, '
            : `${targets.healthy}/${targets.total} healthy, `;
      const check = healthCheck === undefined ? notKnownState : checkWords(group);
      return paragraph(`${name}: ${healthy}health check ${check}`, style, { indent: 4, hanging: 2 });
    }),
  ];
}

/** Listeners that lead to no group of this load balancer. */
function idleListeners({ listeners = [] }: NetworkLoadBalancerStatus, style: Style): readonly string[] {
  const idle = listeners.filter(({ targetGroups }) => targetGroups.length === 0);
  if (idle.length === 0) return [];
  return [
    '',
    ...facts([`forwarding to no target group: ${idle.map(networkListenerName).join(', ')}`], style),
  ];
}
