import { stringWidth } from '../string-width.js';
import { type Style, symbols } from '../style.js';
import { paragraph } from './paragraph.js';

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
  const limits = fit(columns, rows, style.width - indent - gap * (columns.length - 1));
  const { dim } = style.colour;
  const head = columns.map(({ heading }) => [{ text: heading, paint: dim }]);
  const wrapped = [head, ...rows].map((row) =>
    row.map((cell, index) => cell.flatMap((item) => wrapItem(item, limits[index] ?? leastColumn))),
  );
  // A wrapped column may have become narrower than its limit.
  const widths = columns.map((_, index) =>
    Math.max(...wrapped.flatMap((row) => (row[index] ?? []).map((line) => stringWidth(line)))),
  );
  const total = widths.reduce((sum, width) => sum + width, gap * (columns.length - 1));
  const [headings = [], ...body] = wrapped.map((row) => sideBySide(row, widths));
  return [...headings, dim(symbols(style).rule.repeat(total)), ...body.flat()].map(
    (line) => ' '.repeat(indent) + line,
  );
}

/** A row's cells, each given as lines, as lines across. */
function sideBySide(cells: readonly (readonly string[])[], widths: readonly number[]): readonly string[] {
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    cells.map((lines, index) => padded(lines[line] ?? '', widths[index] ?? 0)).join(' '.repeat(gap)),
  );
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

/** The width of the table without any wrapping. */
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

function wrapItem({ text, paint = (line) => line }: CellItem, width: number): readonly string[] {
  const words = text.trimStart();
  const indent = text.length - words.length;
  const hanging = 2;
  const broken = indent + stringWidth(words) <= width ? words : softBreaks(words, width - indent - hanging);
  return paragraph(broken, { width }, { indent, hanging, hard: true }).map((line) => paint(line));
}

/** Characters that a long name may be broken after. */
const seams = ['-', '=', ':', ',', '/', '.', '_'];

/** Breaks words that are longer than a line, behind the last seam that leaves at least half a line, else where it is full. */
function softBreaks(text: string, columns: number): string {
  return text.replace(/\S+/g, (word) => pieces(word, columns).join('\n'));
}

function pieces(word: string, columns: number): readonly string[] {
  if (word.length <= columns) return [word];
  const seam = Math.max(...seams.map((character) => word.lastIndexOf(character, columns - 1)));
  const end = seam + 1 >= columns / 2 ? seam + 1 : columns;
  return [word.slice(0, end), ...pieces(word.slice(end), columns)];
}
