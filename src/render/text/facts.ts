import stringWidth from 'fast-string-width';
import type { Style } from '../style.js';
import { symbols } from '../symbols.js';
import { paragraph } from './paragraph.js';

/** Short facts under a heading: on one line, or one a line where they don't fit. */
export function facts(parts: readonly string[], style: Style): readonly string[] {
  if (parts.length === 0) return [];
  const line = `  ${parts.join(symbols(style).separator)}`;
  if (stringWidth(line) <= style.width) return [line];
  return parts.flatMap((part) => paragraph(part, style, { indent: 2, hanging: 2 }));
}
