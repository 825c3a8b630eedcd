import type { ColorSupportLevel } from 'chalk';
import type { StyleChoice } from '../render/make-style.js';
import type { Io, Output } from './io.js';

/** The width of help: wider is hard to read. */
export function helpColumns({ stdout, env }: Io): number {
  return Math.min(styleChoice(stdout, env, { color: false, noColor: false }).width, 100);
}

/** The flags that decide colour besides the terminal. */
export interface ColourFlags {
  readonly color: boolean;
  readonly noColor: boolean;
}

/** The width of output that does not go to a terminal: readable in most logs. */
const pipedWidth = 100;

/**
 * How a stream is written to: chalk 5 looks at neither NO_COLOR nor the stream, so the rule is ours. A flag beats the
 * environment; NO_COLOR (no-color.org: any value but the empty one) beats FORCE_COLOR, and that CLICOLOR_FORCE
 * (bixense.com/clicolors: any value but 0); else colour is for terminals, unless they are dumb or CLICOLOR is 0.
 */
export function styleChoice(output: Output, env: Io['env'], flags: ColourFlags): StyleChoice {
  return {
    width: output.columns ?? columnsAsked(env) ?? pipedWidth,
    colourLevel: colourLevel(output, env, flags),
    unicode: isUtf8(env),
  };
}

/** COLUMNS, by which a program that shows another one's output says how wide it may be. */
function columnsAsked({ COLUMNS = '' }: Io['env']): number | undefined {
  return /^[1-9]\d{1,3}$/.test(COLUMNS) ? Number(COLUMNS) : undefined;
}

/** Whether the locale's characters are those of Unicode. */
export function isUtf8(env: Io['env']): boolean {
  return /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '');
}

/** Whether a line that was written can be taken back: on a terminal that knows how to move its cursor. */
export function canRedraw({ isTerminal }: Output, env: Io['env']): boolean {
  return isTerminal && env['TERM'] !== 'dumb';
}

function colourLevel(
  { isTerminal }: Output,
  env: Io['env'],
  { color, noColor }: ColourFlags,
): ColorSupportLevel {
  if (noColor) return 0;
  const level: ColorSupportLevel = env['COLORTERM'] === 'truecolor' ? 3 : 1;
  if (color) return level;
  if (env['NO_COLOR']) return 0;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced === '0' || forced === 'false' ? 0 : level;
  if ((env['CLICOLOR_FORCE'] ?? '0') !== '0') return level;
  return isTerminal && env['TERM'] !== 'dumb' && env['CLICOLOR'] !== '0' ? level : 0;
}
