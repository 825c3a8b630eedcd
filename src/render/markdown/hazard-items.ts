import type { Hazard } from '../../core/hazards.js';
import { blockerWords, type HazardFrame, hazardCount } from '../text/hazard-lines.js';
import { codeSpan } from './code-span.js';
import { hintWords, prose } from './prose.js';

/** Hazards with what to do about each, under a heading that counts them; nothing for none. */
export function hazardSection(
  title: string,
  hazards: readonly Hazard[],
  frame: HazardFrame,
): readonly string[] {
  if (hazards.length === 0) return [];
  return [
    `**${title}:** ${hazardCount(hazards)}`,
    hazards.map((hazard) => hazardItem(hazard, frame)).join('\n'),
  ];
}

function hazardItem(hazard: Hazard, frame: HazardFrame): string {
  const { level, code, message, advice } = hazard;
  const { remark, more } = blockerWords(hazard, frame, codeSpan);
  const title = `- **${level}** ${codeSpan(code)}${remark === undefined ? '' : ` ${remark}`}`;
  return `${title}: ${prose(message)}<br>→ ${hintWords(advice)}${more === undefined ? '' : `; ${more}`}`;
}
