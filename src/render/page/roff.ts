import { type Piece, readPage, type Span, spansOf, withoutMarks } from './read-page.js';

// The manual as man(7) reads it: the macros that every man has, no tables, ASCII where roff has a name for the sign.

/** A page of the manual as a section of a man page. */
export function roffSection(markdown: string): string {
  return readPage(markdown).map(pieceRoff).join('\n');
}

/** A section's heading, in capitals as is the custom. */
export function heading(text: string): string {
  return `.SH ${quoted(withoutMarks(text).toUpperCase())}`;
}

/** A term, and what is said about it, set in. */
export function tagged(term: string, text: string): string {
  return `.TP\n\\fB${escaped(term)}\\fR\n${line(text)}`;
}

/** A paragraph of text with Markdown's marks. */
export function prose(text: string): string {
  return `.PP\n${line(text)}`;
}

/** Lines that stay as they are. */
export function literal(lines: readonly string[]): string {
  return ['.PP', '.in +4n', '.nf', ...lines.map((text) => guarded(escaped(text))), '.fi', '.in', '']
    .join('\n')
    .trimEnd();
}

/** An argument of a macro. */
export function quoted(text: string): string {
  return `"${escaped(text).replaceAll('"', '""')}"`;
}

function pieceRoff(piece: Piece): string {
  switch (piece.kind) {
    case 'heading':
      return piece.level === 1 ? heading(piece.text) : `.SS ${quoted(withoutMarks(piece.text))}`;
    case 'paragraph':
      return prose(piece.text);
    case 'item':
      return `.IP ${quoted(piece.mark === '-' ? '\u2022' : piece.mark)} 4\n${line(piece.text)}`;
    case 'code':
      return literal(piece.lines);
    case 'table':
      return piece.rows
        .map(([first = '', ...cells]) => {
          const said = cells.map((cell, index) =>
            cell === '' || cells.length === 1 ? cell : `${piece.head[index + 1] ?? ''}: ${cell}`,
          );
          return tagged(withoutMarks(first), said.filter((cell) => cell !== '').join('; '));
        })
        .join('\n');
  }
}

const fonts: Readonly<Record<Span['kind'], string>> = {
  plain: '',
  address: '',
  code: '\\fB',
  strong: '\\fB',
  emphasis: '\\fI',
};

function line(text: string): string {
  const spans = spansOf(text).map(({ kind, text: words }) =>
    fonts[kind] === '' ? escaped(words) : `${fonts[kind]}${escaped(words)}\\fR`,
  );
  return guarded(spans.join(''));
}

const signs: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  '…': '...',
  '→': '\\(->',
  '×': '\\(mu',
  '·': '\\(bu',
  '•': '\\(bu',
  '’': '\\(cq',
  '“': '\\(lq',
  '”': '\\(rq',
  "'": '\\(aq',
};

function escaped(text: string): string {
  return text
    .replaceAll(/[\\\-…→×·•’“”']/g, (sign) => signs[sign] ?? sign)
    .replaceAll(
      /[^ -~]/g,
      (sign) => `\\[u${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    );
}

/** A line that only looks like a request must not be one. */
function guarded(text: string): string {
  return text.startsWith('.') ? `\\&${text}` : text;
}
