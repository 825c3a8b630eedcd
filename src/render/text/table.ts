import Table from 'cli-table3';
import stringWidth from 'fast-string-width';
import type { Style } from '../style.js';
import { symbols } from '../symbols.js';
import { paragraph } from './paragraph.js';

/** One column: its heading, and whether its cells may be wrapped where the table is too wide. */
export interface Column {
  readonly heading: string;
  readonly wraps: boolean;
}

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
 * @param rows cells by row; a cell may have several lines, each an item of its own
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: Style,
  indent: number,
): readonly string[] {
  const widths = fit(columns, rows, style.width - indent - gap * (columns.length - 1));
  const last = columns.length - 1;
  const layout = (cells: readonly string[]): Table.CellOptions[] =>
    cells.map((cell, index) => ({
      content: wrapCell(cell, widths[index] ?? leastColumn),
      style: { 'padding-left': 0, 'padding-right': index === last ? 0 : gap },
    }));
  const drawn = new Table({
    chars: noBorders,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': gap },
  });
  drawn.push(layout(columns.map(({ heading }) => style.colour.dim(heading))), ...rows.map(layout));
  const [head = '', ...body] = drawn.toString().split('\n');
  const rule = style.colour.dim(
    symbols(style).rule.repeat(widths.reduce((sum, width) => sum + width, gap * last)),
  );
  return [head, rule, ...body].map((line) => ' '.repeat(indent) + line);
}

function fit(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  available: number,
): readonly number[] {
  const widths = columns.map(({ heading }, index) =>
    Math.max(stringWidth(heading), ...rows.map((row) => cellWidth(row[index] ?? ''))),
  );
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

function cellWidth(cell: string): number {
  return Math.max(...cell.split('\n').map((line) => stringWidth(line)));
}

function wrapCell(cell: string, width: number): string {
  return cell
    .split('\n')
    .flatMap((item) => paragraph(item, { width }, { hanging: 2, hard: true }))
    .join('\n');
}
