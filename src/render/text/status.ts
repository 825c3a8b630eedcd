import type { HealthCheck } from '../../core/model.js';
import type { InstanceCount } from '../../core/plan.js';
import type { InstancePortStatus, ProxyProtocolState } from '../../core/status.js';
import type { LoadBalancerStatus, StatusDocument } from '../json/status.js';
import { printable } from '../printable.js';
import type { Style } from '../style.js';
import { symbols } from '../symbols.js';
import { counted } from './counted.js';
import { facts } from './facts.js';
import { hazardCount, hazardLines } from './hazard-lines.js';
import { joinLines } from './join-lines.js';
import { listenerName, listenerPicture, pictureColumn } from './listener-picture.js';
import { loadBalancerHeading } from './load-balancer-heading.js';
import { paragraph } from './paragraph.js';
import { type Cell, table } from './table.js';

/** The status as text in parts, for a fleet that is never in memory at once. */
export interface StatusText {
  /** Call it once for each load balancer, in order. */
  readonly loadBalancer: (status: LoadBalancerStatus, style: Style) => string;
  /** What stands under them: the sum of several, that there is none, what could not be read. May be empty. */
  readonly end: (errors: StatusDocument['errors'], style: Style) => string;
}

/** The parts of one status; an empty line stands between two of them. */
export function statusText(regions: readonly string[]): StatusText {
  let sum = emptySum;
  return {
    loadBalancer: (status, style) => {
      const before = sum.loadBalancers === 0 ? '' : '\n';
      sum = addToSum(sum, status);
      return before + renderLoadBalancer(status, style);
    },
    end: (errors, style) => {
      const closing = renderClosing({ regions, errors, sum }, style);
      return sum.loadBalancers === 0 || closing === '' ? closing : `\n${closing}`;
    },
  };
}

/** What is counted over all load balancers, so that none of them has to be kept. */
export interface StatusSum {
  readonly loadBalancers: number;
  readonly instancePorts: number;
  readonly enabled: number;
  readonly conflicting: number;
}

/** Of no load balancer. */
export const emptySum: StatusSum = { loadBalancers: 0, instancePorts: 0, enabled: 0, conflicting: 0 };

/** The sum with one more load balancer. */
export function addToSum(sum: StatusSum, { instancePorts }: LoadBalancerStatus): StatusSum {
  const inState = (state: ProxyProtocolState): number =>
    instancePorts.filter(({ proxyProtocol }) => proxyProtocol === state).length;
  return {
    loadBalancers: sum.loadBalancers + 1,
    instancePorts: sum.instancePorts + instancePorts.length,
    enabled: sum.enabled + inState('enabled'),
    conflicting: sum.conflicting + inState('conflicting'),
  };
}

function renderLoadBalancer(loadBalancer: LoadBalancerStatus, style: Style): string {
  const shown = printable(loadBalancer);
  return joinLines([
    ...loadBalancerHeading(shown, style),
    ...healthLines(shown, style),
    '',
    ...portTable(shown, style),
    ...listenerPolicies(shown, style),
    ...hazardSection(shown, style),
  ]);
}

/** What stands under the load balancers. */
interface Closing extends Pick<StatusDocument, 'regions' | 'errors'> {
  readonly sum: StatusSum;
}

function renderClosing(closing: Closing, style: Style): string {
  const { regions, errors, sum } = printable(closing);
  const where = regions.length > 3 ? `${regions.length} regions` : regions.join(', ');
  const lines: string[] = [];
  if (sum.loadBalancers === 0)
    lines.push(
      ...paragraph(
        errors.length > 0
          ? `No Classic Load Balancer was read in ${where}.`
          : `There is no Classic Load Balancer in ${where}.`,
        style,
      ),
    );
  if (sum.loadBalancers > 1) lines.push(...paragraph(sumWords(sum, where), style));
  if (errors.length > 0) {
    if (lines.length > 0) lines.push('');
    lines.push(style.colour.bold('Not read'));
    for (const { region, code, message } of errors) {
      const mark = style.colour.red(symbols(style).failed);
      lines.push(...paragraph(`${mark} ${region}: ${code}: ${message}`, style, { indent: 2, hanging: 2 }));
    }
  }
  return joinLines(lines);
}

function sumWords({ loadBalancers, instancePorts, enabled, conflicting }: StatusSum, where: string): string {
  return (
    `${counted(loadBalancers, 'load balancer')} in ${where}: ` +
    `PROXY is on for ${enabled} of ${counted(instancePorts, 'instance port')}` +
    `${conflicting === 0 ? '' : `, conflicting on ${conflicting}`}.`
  );
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

function portTable({ instancePorts, listeners }: LoadBalancerStatus, style: Style): readonly string[] {
  if (instancePorts.length === 0) return ['  no listeners and no instance ports'];
  const column = pictureColumn(
    instancePorts.map(({ instancePort }) => instancePort),
    listeners,
  );
  const rows = instancePorts
    .toSorted((a, b) => a.instancePort - b.instancePort)
    .map((port) => {
      const own = listeners.filter(({ instancePort }) => instancePort === port.instancePort);
      return [
        listenerPicture(port.instancePort, own, style, column).map((text) => ({ text })),
        stateCell(port.proxyProtocol, style),
        policyCell(port, style),
      ];
    });
  const columns = [
    { heading: `LISTENER ${symbols(style).arrow} INSTANCE PORT`, wraps: false },
    { heading: 'PROXY', wraps: false },
    { heading: 'POLICIES, IN ORDER', wraps: true },
  ];
  return table(columns, rows, style, 2);
}

function stateCell(state: ProxyProtocolState, style: Style): Cell {
  const { colour } = style;
  const signs = symbols(style);
  switch (state) {
    case 'enabled':
      return [{ text: `${signs.on} on`, paint: colour.green }];
    case 'disabled':
      return [{ text: `${signs.off} off` }];
    case 'conflicting':
      return [{ text: `${signs.conflicting} conflicting`, paint: colour.yellow }];
  }
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

function hazardSection({ hazards }: LoadBalancerStatus, style: Style): readonly string[] {
  if (hazards.length === 0) return [];
  const heading = `${style.colour.bold('What enable would meet:')} ${hazardCount(hazards)}`;
  return [
    '',
    ...paragraph(heading, style, { indent: 2 }),
    ...hazards.flatMap((hazard) => hazardLines(hazard, style, 4)),
  ];
}
