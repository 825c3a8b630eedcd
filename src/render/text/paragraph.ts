import { wrapAnsi } from 'fast-wrap-ansi';
import { stringWidth } from '../string-width.js';
import { type Style, symbols } from '../style.js';

/** A paragraph's indentation. */
export interface Indents {
  /** Columns before the first line. */
  readonly indent?: number;
  /** Columns more before the lines that follow. */
  readonly hanging?: number;
  /** Cut what is longer than a line, rather than let it overflow. */
  readonly hard?: boolean;
}

/** A text as lines of the style's width, broken at spaces. A name that is longer than a line stays whole. */
export function paragraph(
  text: string,
  { width }: Pick<Style, 'width'>,
  indents: Indents = {},
): readonly string[] {
  const { indent = 0, hanging = 0, hard = false } = indents;
  const first = ' '.repeat(indent);
  if (!text.includes('\n') && indent + stringWidth(text) <= width) return [first + text];
  const rest = ' '.repeat(indent + hanging);
  const columns = width - indent - hanging;
  return wrapAnsi(text, columns, { hard, trim: true })
    .split('\n')
    .map((line, index) => (index === 0 ? first : rest) + line);
}

/** Lines as one text that ends in one newline; nothing for no lines. Trailing spaces go, for what is piped or compared. */
export function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

/** Short facts under a heading, as many on a line as fit; a fact that fits a line is never torn. */
export function facts(parts: readonly string[], style: Style): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const joined = `${last}${symbols(style).separator}${part}`;
    if (last !== undefined && 2 + stringWidth(joined) <= style.width) lines[lines.length - 1] = joined;
    else lines.push(part);
  }
  return lines.flatMap((line) => paragraph(line, style, { indent: 2, hanging: 2 }));
}
