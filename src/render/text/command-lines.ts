import { stringWidth } from '../string-width.js';
import type { Style } from '../style.js';

/** A command to be copied whole: if too long, it goes on behind a backslash, each option with its value. */
export function commandLines(
  command: string,
  { width }: Pick<Style, 'width'>,
  indent: number,
): readonly string[] {
  if (indent + stringWidth(command) <= width) return [' '.repeat(indent) + command];
  const lines: string[] = [];
  let line = '';
  for (const part of partsOf(command)) {
    const before = ' '.repeat(lines.length === 0 ? indent : indent + 2);
    // Two columns stay free for the backslash.
    if (line !== '' && stringWidth(before) + stringWidth(`${line} ${part}`) > width - 2) {
      lines.push(`${before}${line} \\`);
      line = part;
    } else {
      line = line === '' ? part : `${line} ${part}`;
    }
  }
  return [...lines, ' '.repeat(lines.length === 0 ? indent : indent + 2) + line];
}

/** The command's words, quoted ones whole, each option with the word behind it. */
function partsOf(command: string): readonly string[] {
  const words = command.match(/(?:[^\s'"]|'[^']*'|"(?:[^"\\]|\\.)*"|['"])+/g) ?? [];
  const parts: string[] = [];
  for (const [index, word] of words.entries()) {
    const option = words[index - 1]?.startsWith('--') === true && !word.startsWith('--');
    if (option) parts[parts.length - 1] += ` ${word}`;
    else parts.push(word);
  }
  return parts;
}
