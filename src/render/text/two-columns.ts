import { wrapAnsi } from 'fast-wrap-ansi';
import { stringWidth } from '../string-width.js';
import type { Style } from '../style.js';

/** A term, and what it means. */
export type Row = readonly [term: string, meaning: string];

/** Terms, in at most half of the width, and what they mean, both wrapped, as a list of options is printed. */
export function twoColumns(rows: readonly Row[], { width }: Pick<Style, 'width'>): readonly string[] {
  const gap = 2;
  const most = Math.floor(width / 2) - 2 * gap;
  const left = Math.min(most, Math.max(0, ...rows.map(([term]) => stringWidth(term))));
  const right = Math.max(1, width - left - 2 * gap);
  return rows.flatMap(([term, meaning]) => {
    const terms = wrapAnsi(term, left, { trim: false }).split('\n');
    const meanings = wrapAnsi(meaning, right, { trim: true }).split('\n');
    return Array.from({ length: Math.max(terms.length, meanings.length) }, (_, index) => {
      const cell = (terms[index] ?? '').trimEnd();
      const padding = ' '.repeat(Math.max(0, left - stringWidth(cell)) + gap);
      return `  ${cell}${padding}${meanings[index] ?? ''}`.trimEnd();
    });
  });
}
