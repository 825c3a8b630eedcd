import type { Hazard, HazardCode } from '../../core/hazards.js';
import type { Action } from '../../core/plan.js';
import { hazardCount } from '../text/hazard-lines.js';
import { codeSpan } from './code-span.js';
import { prose } from './prose.js';

/** What decides whether a blocker is in the way. */
export interface HazardFrame {
  /** Absent: nothing is about to change. */
  readonly action?: Action | undefined;
  readonly forced: readonly HazardCode[];
}

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

function hazardItem({ level, code, message, advice }: Hazard, frame: HazardFrame): string {
  const blocks = level === 'blocker' && frame.action !== undefined;
  const option = codeSpan(`--force ${code}`);
  const offered = blocks && frame.action !== 'undo' && !frame.forced.includes(code);
  const remark = blocks ? ` (${blockerRemark(frame, offered, option)})` : '';
  const more = offered ? `; or go ahead anyway with ${option}` : '';
  return `- **${level}** ${codeSpan(code)}${remark}: ${prose(message)}<br>→ ${prose(advice)}${more}`;
}

function blockerRemark({ action }: HazardFrame, offered: boolean, option: string): string {
  if (action === 'undo') return 'does not stop an undo';
  return offered ? 'stops this plan' : `overruled by ${option}`;
}
