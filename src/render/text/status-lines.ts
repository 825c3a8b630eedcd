import { attention } from '../../core/attention.js';
import type { InstancePortStatus } from '../../core/status.js';
import { keepsPort, keepsUnknown, type StatusFilter } from '../../core/status-filter.js';
import type { LoadBalancerStatus } from '../json/status.js';
import { printable } from '../printable.js';
import type { Style } from '../style.js';
import { joinLines } from './join-lines.js';
import { notKnownState, proxyState } from './proxy-state.js';
import type { StatusText } from './status.js';
import { statusClosing } from './status-closing.js';
import { addToSum, emptySum } from './status-sum.js';
import { type Cell, naturalWidth, table } from './table.js';

/** How the lines of a fleet are laid out. */
export interface StatusLinesOptions {
  readonly regions: readonly string[];
  readonly only?: StatusFilter | undefined;
  /** Whether only some load balancers were asked for. */
  readonly filtered: boolean;
  /** Fields behind tabs, without a heading and without a sum, for `cut` and `awk`. */
  readonly tabs: boolean;
}

const columns = ['NAME', 'REGION', 'KIND', 'PORT', 'LISTENERS', 'PROXY', 'ATTENTION'].map((heading) => ({
  heading,
  wraps: heading !== 'PORT',
}));
/** Left out where the lines don't fit the terminal and all say the same, or where the terminal is too narrow for all. */
const mayGo = ['KIND', 'REGION', 'LISTENERS'];
const leastForAll = 70;

/** Rows of one table: of a larger fleet each thousand is a table of its own, so that it is never held whole. */
const mostRows = 1000;

/** A status with one line for each instance port, for a fleet that is never in memory at once. */
export function statusLines({ regions, only, filtered, tabs }: StatusLinesOptions): StatusText {
  let sum = emptySum;
  let rows: Row[] = [];
  const flush = (style: Style): string => {
    const laidOut = rows.length === 0 ? [] : layOut(rows, style);
    rows = [];
    return joinLines(laidOut);
  };
  return {
    loadBalancer: (status, style) => {
      sum = addToSum(sum, status);
      const added = rowsOf(printable(status), only);
      if (tabs) return joinLines(added.map(withTabs));
      rows.push(...added);
      return rows.length < mostRows ? '' : flush(style);
    },
    end: (errors, style) => {
      if (tabs) return '';
      const laidOut = flush(style);
      const closing = statusClosing({ regions, errors, sum, filtered }, style);
      return laidOut === '' || closing === '' ? laidOut + closing : `${laidOut}\n${closing}`;
    },
  };
}

interface Row {
  readonly name: string;
  readonly region: string;
  /** Absent for a load balancer without listeners and policies; a number alone where its state is not known. */
  readonly port?: InstancePortStatus | { readonly instancePort: number } | undefined;
  readonly listeners: readonly string[];
  readonly attention: readonly string[];
}

function rowsOf(
  { name, region, instancePorts, notKnown, listeners, hazards }: LoadBalancerStatus,
  only: StatusFilter | undefined,
): readonly Row[] {
  const unknown = (notKnown?.instancePorts ?? []).map((instancePort) => ({ instancePort }));
  if (instancePorts.length === 0 && unknown.length === 0)
    return only === undefined ? [{ name, region, listeners: [], attention: [] }] : [];
  return [
    ...instancePorts.filter((port) => keepsPort(only, port, hazards)),
    ...(keepsUnknown(only) ? unknown : []),
  ]
    .toSorted((a, b) => a.instancePort - b.instancePort)
    .map((port) => ({
      name,
      region,
      port,
      listeners: listeners
        .filter(({ instancePort }) => instancePort === port.instancePort)
        .toSorted((a, b) => a.loadBalancerPort - b.loadBalancerPort)
        .map(({ protocol, loadBalancerPort }) => `${protocol}:${loadBalancerPort}`),
      attention: isKnown(port) ? attention(port, hazards) : [],
    }));
}

function layOut(rows: readonly Row[], style: Style): readonly string[] {
  let shown = columns;
  let body = rows.map((row) => cells(row, style));
  for (const heading of mayGo) {
    const index = shown.findIndex((column) => column.heading === heading);
    const same = new Set(body.map((row) => row[index]?.[0]?.text)).size === 1;
    if (naturalWidth(shown, body) <= style.width) break;
    if (!same && style.width >= leastForAll) continue;
    shown = shown.toSpliced(index, 1);
    body = body.map((row) => row.toSpliced(index, 1));
  }
  return table(shown, body, style, 0);
}

const nothing = '-';

function withTabs(row: Row): string {
  const list = (items: readonly string[]): string => items.join(',') || nothing;
  return [
    row.name,
    row.region,
    'classic',
    row.port === undefined ? nothing : String(row.port.instancePort),
    list(row.listeners),
    row.port === undefined ? nothing : stateOf(row.port),
    list(row.attention),
  ].join('\t');
}

function cells({ name, region, port, listeners, attention: codes }: Row, style: Style): readonly Cell[] {
  return [
    [{ text: name }],
    [{ text: region }],
    [{ text: 'classic' }],
    [{ text: port === undefined ? nothing : String(port.instancePort) }],
    [{ text: firstOf(listeners) }],
    [port === undefined ? { text: nothing } : { text: stateOf(port), paint: paintOf(port, style) }],
    [{ text: firstOf(codes) }],
  ];
}

/** The first, which of hazards is the worst, and how many more there are: a terminal has one line for a port. */
function firstOf([first, ...more]: readonly string[]): string {
  if (first === undefined) return nothing;
  return more.length === 0 ? first : `${first} +${more.length}`;
}

type RowPort = NonNullable<Row['port']>;

function isKnown(port: RowPort): port is InstancePortStatus {
  return 'proxyProtocol' in port;
}

function stateOf(port: RowPort): string {
  return isKnown(port) ? proxyState(port) : notKnownState;
}

function paintOf(port: RowPort, { colour }: Style): ((text: string) => string) | undefined {
  if (!isKnown(port)) return colour.yellow;
  const { proxyProtocol, sends } = port;
  if (proxyProtocol === 'disabled') return undefined;
  return proxyProtocol === 'enabled' && sends === 'all' ? colour.green : colour.yellow;
}
