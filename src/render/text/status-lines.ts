import type { StatusFilter } from '../../core/status-filter.js';
import { printable } from '../printable.js';
import type { Style } from '../style.js';
import { joinLines } from './paragraph.js';
import type { StatusText } from './status.js';
import { type AskedKinds, statusClosing } from './status-closing.js';
import { type StatusRow, statusRows } from './status-rows.js';
import { addToSum, emptySum } from './status-sum.js';
import { type Cell, naturalWidth, table } from './table.js';

/** The layout of a fleet's lines. */
export interface StatusLinesOptions {
  readonly regions: readonly string[];
  readonly kinds: AskedKinds;
  readonly only?: StatusFilter | undefined;
  /** Whether only some load balancers were asked for. */
  readonly filtered: boolean;
  /** Their description in the sum. */
  readonly chosen?: string | undefined;
  /** Fields behind tabs, without a heading and without a sum, for `cut` and `awk`. */
  readonly tabs: boolean;
}

const columnsFor = (unit: string) =>
  ['NAME', 'REGION', 'KIND', unit, 'LISTENERS', 'PROXY', 'ATTENTION'].map((heading) => ({
    heading,
    wraps: heading !== 'PORT',
  }));
/** Left out where the lines don't fit the terminal and all say the same, or where the terminal is too narrow for all. */
const mayGo = ['KIND', 'REGION', 'LISTENERS'];
const leastForAll = 70;

/** Rows of one table: of a larger fleet each thousand is a table of its own, so that it is never held whole. */
const mostRows = 1000;

/** A status with one line for each instance port and target group, for a fleet that is never in memory at once. */
export function statusLines({
  regions,
  kinds,
  only,
  filtered,
  chosen,
  tabs,
}: StatusLinesOptions): StatusText {
  let sum = emptySum;
  let rows: StatusRow[] = [];
  const flush = (style: Style): string => {
    const laidOut = rows.length === 0 ? [] : layOut(rows, style);
    rows = [];
    return joinLines(laidOut);
  };
  return {
    loadBalancer: (status, style) => {
      sum = addToSum(sum, status);
      const added = statusRows(printable(status), only);
      if (tabs) return joinLines(added.map(withTabs));
      rows.push(...added);
      return rows.length < mostRows ? '' : flush(style);
    },
    hidden: (status) => {
      sum = addToSum(sum, status, false);
    },
    end: (errors, style) => {
      if (tabs) return '';
      const laidOut = flush(style);
      const closing = statusClosing({ regions, kinds, errors, sum, filtered, chosen }, style);
      return laidOut === '' || closing === '' ? laidOut + closing : `${laidOut}\n${closing}`;
    },
  };
}

/** The heading of the lines' units: ports of Classic load balancers, groups of Network ones, or both. */
function unitOf(rows: readonly StatusRow[]): string {
  const kinds = new Set(rows.map(({ kind }) => kind));
  if (!kinds.has('network')) return 'PORT';
  return kinds.has('classic') ? 'PORT OR TARGET GROUP' : 'TARGET GROUP';
}

function layOut(rows: readonly StatusRow[], style: Style): readonly string[] {
  let shown = columnsFor(unitOf(rows));
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

function withTabs({ name, region, kind, unit, listeners, state, attention }: StatusRow): string {
  const list = (items: readonly string[]): string => items.join(',') || nothing;
  return [
    name,
    region,
    kind,
    unit ?? nothing,
    list(listeners),
    state?.words ?? nothing,
    list(attention),
  ].join('\t');
}

function cells(
  { name, region, kind, unit, listeners, state, attention }: StatusRow,
  style: Style,
): readonly Cell[] {
  return [
    [{ text: name }],
    [{ text: region }],
    [{ text: kind }],
    [{ text: unit ?? nothing }],
    [{ text: firstOf(listeners) }],
    [state === undefined ? { text: nothing } : { text: state.words, paint: paintOf(state, style) }],
    [{ text: firstOf(attention) }],
  ];
}

/** The first, which of hazards is the worst, and how many more there are: a terminal has one line for a port. */
function firstOf([first, ...more]: readonly string[]): string {
  if (first === undefined) return nothing;
  return more.length === 0 ? first : `${first} +${more.length}`;
}

function paintOf(
  { is }: NonNullable<StatusRow['state']>,
  { colour }: Style,
): ((text: string) => string) | undefined {
  switch (is) {
    case 'off':
      return undefined;
    case 'sent':
      return colour.green;
    case 'odd':
      return colour.yellow;
  }
}
