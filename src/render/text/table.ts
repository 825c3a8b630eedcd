import Table from 'cli-table3';
import stringWidth from 'fast-string-width';
import type { Style } from '../style.js';
import { symbols } from '../symbols.js';
import { paragraph } from './paragraph.js';
import { softBreaks } from './soft-breaks.js';

/** One column: its heading, and whether its cells may be wrapped where the table is too wide. */
export interface Column {
  readonly heading: string;
  readonly wraps: boolean;
}

/** One item of a cell; leading spaces set it in. Colour is put on after wrapping. */
export interface CellItem {
  readonly text: string;
  readonly paint?: ((text: string) => string) | undefined;
}

/** A cell: items under each other. */
export type Cell = readonly CellItem[];

const gap = 2;
/** A column that wraps gets no narrower than this. */
const leastColumn = 10;

const borders = [
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
].flat();
const noBorders = Object.fromEntries(borders.map((border) => [border, '']));

/**
 * A table without frames, one thin rule under its headings. It is as wide as its content, at most as wide as the
 * style: then the widest columns that may are wrapped, with the second line of an item set in.
 *
 * @param rows cells by row
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  style: Style,
  indent: number,
): readonly string[] {
  const widths = fit(columns, rows, style.width - indent - gap * (columns.length - 1));
  const last = columns.length - 1;
  const layout = (cells: readonly Cell[]): Table.CellOptions[] =>
    cells.map((cell, index) => ({
      content: wrapCell(cell, widths[index] ?? leastColumn),
      style: { 'padding-left': 0, 'padding-right': index === last ? 0 : gap },
    }));
  const drawn = new Table({
    chars: noBorders,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': gap },
  });
  drawn.push(
    layout(columns.map(({ heading }) => [{ text: heading, paint: style.colour.dim }])),
    ...rows.map(layout),
  );
  const [head = '', ...body] = drawn.toString().split('\n');
  const rule = style.colour.dim(
    symbols(style).rule.repeat(widths.reduce((sum, width) => sum + width, gap * last)),
  );
  return [head, rule, ...body].map((line) => ' '.repeat(indent) + line);
}

/** How wide a table would be that wraps nothing. */
export function naturalWidth(columns: readonly Column[], rows: readonly (readonly Cell[])[]): number {
  return naturalWidths(columns, rows).reduce((sum, width) => sum + width, gap * (columns.length - 1));
}

function naturalWidths(columns: readonly Column[], rows: readonly (readonly Cell[])[]): number[] {
  return columns.map(({ heading }, index) =>
    Math.max(stringWidth(heading), ...rows.map((row) => cellWidth(row[index] ?? []))),
  );
}

function cellWidth(cell: Cell): number {
  return Math.max(0, ...cell.map(({ text }) => stringWidth(text)));
}

function fit(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  available: number,
): readonly number[] {
  const widths = naturalWidths(columns, rows);
  for (;;) {
    const total = widths.reduce((sum, width) => sum + width, 0);
    const widest = widths
      .map((width, index) => ({ width, index }))
      .filter(({ width, index }) => columns[index]?.wraps === true && width > leastColumn)
      .toSorted((a, b) => b.width - a.width)[0];
    if (total <= available || widest === undefined) return widths;
    widths[widest.index] = widest.width - 1;
  }
}

function wrapCell(cell: Cell, width: number): string {
  return cell.flatMap((item) => wrapItem(item, width)).join('\n');
}

function wrapItem({ text, paint = (line) => line }: CellItem, width: number): readonly string[] {
  const words = text.trimStart();
  const indent = text.length - words.length;
  const hanging = 2;
  const broken = indent + stringWidth(words) <= width ? words : softBreaks(words, width - indent - hanging);
  return paragraph(broken, { width }, { indent, hanging, hard: true }).map((line) => paint(line));
}
