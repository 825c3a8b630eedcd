import stringWidth from 'fast-string-width';
import type { Style } from '../style.js';

/**
 * A command on lines of its own, to be copied whole: one that is too long goes on behind a backslash, before an
 * option, so that a shell reads it as it stands.
 */
export function commandLines(command: string, { width }: Style, indent: number): readonly string[] {
  const lines: string[] = [];
  let line = ' '.repeat(indent);
  let empty = true;
  for (const part of optionsOf(command)) {
    // Two columns stay free for the backslash.
    if (!empty && stringWidth(line) + 1 + stringWidth(part) > width - 2) {
      lines.push(`${line} \\`);
      line = ' '.repeat(indent + 2) + part;
    } else {
      line += empty ? part : ` ${part}`;
    }
    empty = false;
  }
  return [...lines, line];
}

/** The command cut before each option that stands outside quotes. */
function optionsOf(command: string): readonly string[] {
  const words = command.match(/(?:[^\s'"]|'[^']*'|"(?:[^"\\]|\\.)*"|['"])+/g) ?? [];
  const parts: string[] = [];
  for (const word of words) {
    if (word.startsWith('--') || parts.length === 0) parts.push(word);
    else parts[parts.length - 1] += ` ${word}`;
  }
  return parts;
}
