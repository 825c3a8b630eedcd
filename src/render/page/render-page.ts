import { stringWidth } from '../string-width.js';
import type { Style } from '../style.js';
import { joinLines, paragraph } from '../text/paragraph.js';
import { type Cell, naturalWidth, table } from '../text/table.js';
import { type Piece, readPage, type Span, spansOf, withoutMarks } from './read-page.js';

/** Wider text is hard to read. */
const widest = 100;
/** A table with more columns that would have to wrap is set row by row. */
const mostColumns = 3;

/** A page of the manual for a terminal, or to be piped: no marks of Markdown are left, and what is code stays as it is. */
export function renderPage(markdown: string, wide: Style): string {
  const style = { ...wide, width: Math.min(wide.width, widest) };
  const pieces = readPage(markdown);
  return joinLines(
    pieces.flatMap((piece, index) => [
      ...(index === 0 || isNextItem(piece, pieces[index - 1]) ? [] : ['']),
      ...pieceLines(piece, style),
    ]),
  );
}

function isNextItem(piece: Piece, before: Piece | undefined): boolean {
  return piece.kind === 'item' && before?.kind === 'item';
}

function pieceLines(piece: Piece, style: Style): readonly string[] {
  switch (piece.kind) {
    case 'heading': {
      const text = withoutMarks(piece.text);
      return paragraph(style.colour.bold(piece.level === 1 ? text.toUpperCase() : text), style);
    }
    case 'paragraph':
      return paragraph(painted(piece.text, style), style);
    case 'item': {
      const hanging = piece.mark.length + 1;
      return paragraph(`${piece.mark} ${painted(piece.text, style)}`, style, { hanging });
    }
    case 'code':
      return piece.lines.map((line) => `    ${line}`);
    case 'table':
      return tableLines(piece, style);
  }
}

type Table = Extract<Piece, { kind: 'table' }>;

function tableLines(piece: Table, style: Style): readonly string[] {
  const { head, rows } = piece;
  const columns = head.map((heading) => ({ heading: withoutMarks(heading), wraps: true }));
  const cells = rows.map((row) => row.map((text): Cell => [{ text: withoutMarks(text) }]));
  return head.length > mostColumns && naturalWidth(columns, cells) > style.width
    ? rowByRow(piece, style)
    : table(columns, cells, style, 0);
}

/** Each row under its first cell. */
function rowByRow({ head, rows }: Table, style: Style): readonly string[] {
  const names = head.map(withoutMarks);
  const widestName = Math.max(...names.slice(1).map((name) => stringWidth(name)));
  return rows.flatMap(([first = '', ...cells], index) => [
    ...(index === 0 ? [] : ['']),
    ...paragraph(style.colour.bold(withoutMarks(first)), style, { hanging: 2 }),
    ...cells.flatMap((cell, column) =>
      cell === '' ? [] : named((names[column + 1] ?? '').padEnd(widestName), painted(cell, style), style),
    ),
  ]);
}

/** A text beside its name. */
function named(name: string, text: string, style: Style): readonly string[] {
  const indent = 2 + name.length + 2;
  return paragraph(text, style, { indent }).map((line, index) =>
    index === 0 ? `  ${name}  ${line.trimStart()}` : line,
  );
}

function painted(text: string, { colour }: Style): string {
  const paint: Readonly<Record<Span['kind'], (words: string) => string>> = {
    plain: (words) => words,
    code: colour.cyan,
    strong: colour.bold,
    emphasis: colour.italic,
    address: colour.dim,
  };
  return spansOf(text)
    .map(({ kind, text: words }) => paint[kind](words))
    .join('');
}
