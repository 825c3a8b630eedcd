/** A piece of a page of the manual. Text in it has Markdown's marks of code, weight and links. */
export type Piece =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'item'; readonly mark: string; readonly text: string }
  | { readonly kind: 'code'; readonly lines: readonly string[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

/** Takes a page apart: what the manual is written in, a part of Markdown where each paragraph has one line. */
export function readPage(markdown: string): readonly Piece[] {
  const pieces: Piece[] = [];
  const lines = markdown.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const heading = /^(#+) (.*)$/.exec(line);
    const item = /^(-|\d+\.) (.*)$/.exec(line);
    if (line.startsWith('```')) {
      const end = lines.indexOf('```', at + 1);
      pieces.push({ kind: 'code', lines: lines.slice(at + 1, end) });
      at = end;
    } else if (line.startsWith('|')) {
      const end = lines.findIndex((each, index) => index > at && !each.startsWith('|'));
      const [head = [], , ...rows] = lines.slice(at, end < 0 ? undefined : end).map(cellsOf);
      pieces.push({ kind: 'table', head, rows });
      at += rows.length + 1;
    } else if (heading !== null) {
      pieces.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' });
    } else if (item !== null) {
      pieces.push({ kind: 'item', mark: item[1] ?? '', text: item[2] ?? '' });
    } else if (line.trim() !== '') {
      pieces.push({ kind: 'paragraph', text: line });
    }
  }
  return pieces;
}

function cellsOf(row: string): readonly string[] {
  return row
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** A stretch of text that is written in one way. */
export interface Span {
  readonly kind: 'plain' | 'code' | 'strong' | 'emphasis' | 'address';
  readonly text: string;
}

/** A text as stretches; a link gives its words, and its address where that leads out of this repository. */
export function spansOf(text: string): readonly Span[] {
  const mark =
    /`([^`]+)`|\*\*((?:[^*]|\*(?!\*))+)\*\*|\*([^*\s][^*]*)\*|\[((?:[^[\]]|`[^`]*`)+)\]\(([^)]+)\)/g;
  const spans: Span[] = [];
  let from = 0;
  for (const match of text.matchAll(mark)) {
    const [whole, code, strong, emphasis, words, address] = match;
    if (match.index > from) spans.push({ kind: 'plain', text: text.slice(from, match.index) });
    from = match.index + whole.length;
    if (code !== undefined) spans.push({ kind: 'code', text: code });
    if (strong !== undefined) spans.push({ kind: 'strong', text: withoutMarks(strong) });
    if (emphasis !== undefined) spans.push({ kind: 'emphasis', text: withoutMarks(emphasis) });
    if (words !== undefined) spans.push(...spansOf(words));
    if (address?.startsWith('https://')) spans.push({ kind: 'address', text: ` (${address})` });
  }
  if (from < text.length) spans.push({ kind: 'plain', text: text.slice(from) });
  return spans;
}

/** The same words with none of the marks. */
export function withoutMarks(text: string): string {
  return spansOf(text)
    .map((span) => span.text)
    .join('');
}
