import type { Hazard, HazardCode, HazardLevel } from '../../core/hazards.js';
import type { Action } from '../../core/plan.js';
import { type Style, symbols } from '../style.js';
import { counted } from './counted.js';
import { hintLines } from './hint-lines.js';
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

/** The facts that decide whether a blocker is in the way. */
export interface HazardFrame {
  /** Absent: nothing is about to change. */
  readonly action?: Action | undefined;
  readonly forced: readonly HazardCode[];
}

/** A blocker's effect on a plan, and how to go ahead anyway; nothing for other hazards, or without an action. */
export function blockerWords(
  { level, code }: Hazard,
  { action, forced }: HazardFrame,
  shown: (option: string) => string = (option) => option,
): { readonly remark?: string; readonly more?: string } {
  if (level !== 'blocker' || action === undefined) return {};
  if (action === 'undo') return { remark: '(does not stop an undo)' };
  const option = shown(`--force ${code}`);
  if (forced.includes(code)) return { remark: `(overruled by ${option})` };
  return { remark: '(stops this plan)', more: `or go ahead anyway with ${option}` };
}

/** Hazards with what to do about each, under an empty line and a heading that counts them; nothing for none. */
export function hazardSection(
  title: string,
  hazards: readonly Hazard[],
  frame: HazardFrame,
  style: Style,
): readonly string[] {
  if (hazards.length === 0) return [];
  const heading = `${style.colour.bold(`${title}:`)} ${hazardCount(hazards)}`;
  return [
    '',
    ...paragraph(heading, style, { indent: 2 }),
    ...hazards.flatMap((hazard) => hazardLines(hazard, frame, style)),
  ];
}

/** Level and code, what happens, what to do. */
function hazardLines(hazard: Hazard, frame: HazardFrame, style: Style): readonly string[] {
  const { arrow } = symbols(style);
  const { remark, more } = blockerWords(hazard, frame);
  const title = `${levelMark(hazard.level, style)} ${style.colour.bold(hazard.code)}`;
  const advice = [hazard.advice, ...(more === undefined ? [] : [more])];
  return [
    ...paragraph(remark === undefined ? title : `${title} ${remark}`, style, { indent: 4, hanging: 4 }),
    ...paragraph(hazard.message, style, { indent: 8 }),
    ...advice.flatMap((words) => hintLines(`${arrow} ${words}`, style, 8, arrow.length + 1)),
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
