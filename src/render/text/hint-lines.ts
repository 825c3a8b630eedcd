import { stringWidth } from '../string-width.js';
import type { Style } from '../style.js';
import { commandLines } from './command-lines.js';
import { paragraph } from './paragraph.js';

/**
 * A hint: a sentence, a command, or a sentence that ends in one behind a colon. Where that does not fit on one line
 * the command gets lines of its own, so that it can be copied.
 */
export function hintLines(hint: string, style: Style, indent: number): readonly string[] {
  if (indent + stringWidth(hint) <= style.width) return [' '.repeat(indent) + hint];
  const [, sentence = '', command] = /^(|.*?: )((?:elb-proxy|aws) .*)$/.exec(hint) ?? [];
  if (command === undefined) return paragraph(hint, style, { indent });
  if (sentence === '') return commandLines(command, style, indent);
  return [...paragraph(sentence.trimEnd(), style, { indent }), ...commandLines(command, style, indent + 2)];
}
