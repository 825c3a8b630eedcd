import { hintParts } from '../hint-parts.js';
import { stringWidth } from '../string-width.js';
import type { Style } from '../style.js';
import { commandLines } from './command-lines.js';
import { paragraph } from './paragraph.js';

/** A command without values, within a sentence. */
const brief = /\b(?:elb-proxy|aws) [a-z][a-z-]*(?: --[a-z-]+)*/g;

/** A hint: sentences, and commands behind a colon; one that does not fit gets lines of its own, to be copied. */
export function hintLines(hint: string, style: Style, indent: number, hanging = 0): readonly string[] {
  if (indent + stringWidth(hint) <= style.width) return [' '.repeat(indent) + hint];
  return hintParts(hint).flatMap((part, index, [sentence]) => {
    if (part === '' || index % 3 === 2) return [];
    if (index % 3 === 1) return commandLines(part, style, sentence === '' ? indent : indent + 2);
    const whole = part.trimEnd().replaceAll(brief, (words) => words.replaceAll(' ', '\u00A0'));
    return paragraph(whole, style, { indent, hanging }).map((line) => line.replaceAll('\u00A0', ' '));
  });
}
