import type { Hazard, HazardLevel } from '../../core/hazards.js';
import type { Style } from '../style.js';
import { symbols } from '../symbols.js';
import { counted } from './counted.js';
import { paragraph } from './paragraph.js';

const levels: readonly HazardLevel[] = ['blocker', 'warning', 'note'];

/** `1 blocker, 2 notes`. */
export function hazardCount(hazards: readonly Hazard[]): string {
  return levels
    .map((level) => ({ level, count: hazards.filter((hazard) => hazard.level === level).length }))
    .filter(({ count }) => count > 0)
    .map(({ level, count }) => counted(count, level))
    .join(', ');
}

/**
 * A hazard: level and code, what happens, what to do.
 *
 * @param remark what the level means here, behind the code
 * @param more a further thing to do
 */
export function hazardLines(
  hazard: Hazard,
  style: Style,
  indent: number,
  { remark, more }: { readonly remark?: string | undefined; readonly more?: string | undefined } = {},
): readonly string[] {
  const { arrow } = symbols(style);
  const text = { indent: indent + 4, hanging: arrow.length + 1 };
  return [
    ...paragraph(
      `${levelMark(hazard.level, style)} ${style.colour.bold(hazard.code)}${remark === undefined ? '' : ` ${remark}`}`,
      style,
      { indent, hanging: 4 },
    ),
    ...paragraph(hazard.message, style, { indent: text.indent }),
    ...paragraph(`${arrow} ${hazard.advice}`, style, text),
    ...(more === undefined ? [] : paragraph(`${arrow} ${more}`, style, text)),
  ];
}

function levelMark(level: HazardLevel, style: Style): string {
  const { colour } = style;
  const signs = symbols(style);
  switch (level) {
    case 'blocker':
      return colour.red(`${signs.blocker} blocker`);
    case 'warning':
      return colour.yellow(`${signs.warning} warning`);
    case 'note':
      return colour.cyan(`${signs.note} note`);
  }
}
