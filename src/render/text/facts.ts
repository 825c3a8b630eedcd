import { stringWidth } from '../string-width.js';
import { type Style, symbols } from '../style.js';
import { paragraph } from './paragraph.js';

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
