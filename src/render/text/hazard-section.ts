import type { StatusEntry } from '../json/status.js';
import type { Style } from '../style.js';
import { hazardCount, hazardLines } from './hazard-lines.js';
import { paragraph } from './paragraph.js';

/** The hazards that a later enable would raise; empty if there are none. */
export function hazardSection({ hazards }: Pick<StatusEntry, 'hazards'>, style: Style): readonly string[] {
  if (hazards.length === 0) return [];
  const heading = `${style.colour.bold('Hazards of enabling it:')} ${hazardCount(hazards)}`;
  return [
    '',
    ...paragraph(heading, style, { indent: 2 }),
    ...hazards.flatMap((hazard) => hazardLines(hazard, style, 4)),
  ];
}
