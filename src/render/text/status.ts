import type { HealthCheck } from '../../core/model.js';
import type { InstanceCount } from '../../core/plan.js';
import type { InstancePortStatus } from '../../core/status.js';
import type { LoadBalancerStatus, StatusDocument, StatusEntry } from '../json/status.js';
import { printable } from '../printable.js';
import { type Style, symbols } from '../style.js';
import { hazardSection } from './hazard-lines.js';
import { leftOut } from './left-out.js';
import { listenerName, listenerPicture, pictureColumn } from './listener-picture.js';
import { loadBalancerHeading } from './load-balancer-heading.js';
import { networkPicture } from './network-picture.js';
import { facts, joinLines, paragraph } from './paragraph.js';
import { notKnownState, stateCell, unknownCell } from './proxy-state.js';
import { type AskedKinds, statusClosing } from './status-closing.js';
import { addToSum, emptySum } from './status-sum.js';
import { type Cell, table } from './table.js';

/** The status as text in parts, for a fleet that is never in memory at once. */
export interface StatusText {
  /** Call it once for each load balancer, in order. */
  readonly loadBalancer: (status: StatusEntry, style: Style) => string;
  /** Counts one that a filter hides. */
  readonly hidden: (status: StatusEntry) => void;
  /** The lines under them: the sum of several, that there is none, and failures. May be empty. */
  readonly end: (errors: StatusDocument['errors'], style: Style) => string;
}

/**
 * The parts of one status, a picture for each load balancer, with an empty line between two of them.
 *
 * @param filtered whether only some load balancers were asked for
 * @param chosen which ones, for the sum
 */
export function statusText(
  regions: readonly string[],
  kinds: AskedKinds,
  filtered = false,
  chosen?: string,
): StatusText {
  let sum = emptySum;
  return {
    loadBalancer: (status, style) => {
      const before = sum.shown === 0 ? '' : '\n';
      sum = addToSum(sum, status);
      return (
        before +
        (status.kind === 'network' ? networkPicture(status, style) : renderLoadBalancer(status, style))
      );
    },
    hidden: (status) => {
      sum = addToSum(sum, status, false);
    },
    end: (errors, style) => {
      const closing = statusClosing({ regions, kinds, errors, sum, filtered, chosen }, style);
      return sum.shown === 0 || closing === '' ? closing : `\n${closing}`;
    },
  };
}

function renderLoadBalancer(loadBalancer: LoadBalancerStatus, style: Style): string {
  const shown = printable(loadBalancer);
  return joinLines([
    ...loadBalancerHeading(shown, style),
    ...healthLines(shown, style),
    '',
    ...portTable(shown, style),
    ...leftOut(shown.notKnown, style),
    ...listenerPolicies(shown, style),
    ...hazardSection('Hazards of enabling it', shown.hazards, { forced: [] }, style),
  ]);
}

function healthLines({ healthCheck, instances }: LoadBalancerStatus, style: Style): readonly string[] {
  const parts = [
    ...(instances === undefined ? [] : [instanceWords(instances)]),
    ...(healthCheck === undefined ? ['health check not known'] : healthCheckWords(healthCheck)),
  ];
  return facts(parts, style);
}

function instanceWords({ inService, total }: InstanceCount): string {
  return total === 0 ? 'no instances registered' : `instances ${inService}/${total} InService`;
}

function healthCheckWords({
  target,
  interval,
  timeout,
  unhealthyThreshold,
  healthyThreshold,
}: HealthCheck): readonly string[] {
  const details = [
    interval === undefined ? undefined : `every ${interval} s`,
    timeout === undefined ? undefined : `timeout ${timeout} s`,
    unhealthyThreshold === undefined ? undefined : `out after ${unhealthyThreshold}`,
    healthyThreshold === undefined ? undefined : `in after ${healthyThreshold}`,
  ].filter((part) => part !== undefined);
  return [`health check ${target}`, ...(details.length === 0 ? [] : [details.join(', ')])];
}

function portTable(
  { instancePorts, listeners, notKnown }: LoadBalancerStatus,
  style: Style,
): readonly string[] {
  const unknown = notKnown?.instancePorts ?? [];
  const everyPort = [...instancePorts.map(({ instancePort }) => instancePort), ...unknown];
  if (everyPort.length === 0)
    return [
      `  ${notKnown === undefined ? 'no listeners and no instance ports' : 'no instance port is known'}`,
    ];
  const column = pictureColumn(everyPort, listeners);
  const rows = everyPort
    .toSorted((a, b) => a - b)
    .map((number) => {
      const own = listeners.filter(({ instancePort }) => instancePort === number);
      const port = instancePorts.find(({ instancePort }) => instancePort === number);
      return [
        listenerPicture(number, own, style, column).map((text) => ({ text })),
        port === undefined ? unknownCell(style) : stateCell(port, style),
        port === undefined ? [{ text: notKnownState, paint: style.colour.yellow }] : policyCell(port, style),
      ];
    });
  const columns = [
    { heading: `LISTENER ${symbols(style).arrow} INSTANCE PORT`, wraps: false },
    { heading: 'PROXY', wraps: false },
    { heading: 'POLICIES, IN ORDER', wraps: true },
  ];
  return table(columns, rows, style, 2);
}

function policyCell({ policyNames, proxyPolicyNames }: InstancePortStatus, { colour }: Style): Cell {
  if (policyNames.length === 0) return [{ text: 'none', paint: colour.dim }];
  return policyNames.map((name) =>
    proxyPolicyNames.includes(name) ? { text: `${name} (PROXY)`, paint: colour.green } : { text: name },
  );
}

function listenerPolicies({ listeners }: LoadBalancerStatus, style: Style): readonly string[] {
  const withPolicies = listeners.filter(({ policyNames }) => policyNames.length > 0);
  if (withPolicies.length === 0) return [];
  return [
    '',
    `  ${style.colour.bold('Policies on listeners')}`,
    ...withPolicies
      .toSorted((a, b) => a.loadBalancerPort - b.loadBalancerPort)
      .flatMap((listener) =>
        paragraph(`${listenerName(listener)}: ${listener.policyNames.join(', ')}`, style, {
          indent: 4,
          hanging: 2,
        }),
      ),
  ];
}
