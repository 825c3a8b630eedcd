import { Chalk, type ChalkInstance, type ColorSupportLevel } from 'chalk';

/** How text is to look: decided once, where the terminal is known, and handed to every renderer. */
export interface Style {
  /** Columns that a line may fill; `Infinity` for no limit. */
  readonly width: number;
  /** Writes no escape sequence at level 0. */
  readonly colour: ChalkInstance;
  /** Whether arrows, ticks and lines may be other than ASCII. */
  readonly unicode: boolean;
}

/** What a style is made from. */
export interface StyleChoice {
  readonly width: number;
  /** chalk's level: 0 none, 1 sixteen colours, 2 of a palette of 256, 3 true colour. */
  readonly colourLevel: ColorSupportLevel;
  readonly unicode: boolean;
}

/** Below this nothing can be laid out; a narrower terminal wraps by itself. */
const leastWidth = 40;

/** A style; widths below 40 columns count as 40. */
export function makeStyle({ width, colourLevel, unicode }: StyleChoice): Style {
  return { width: Math.max(leastWidth, width), colour: new Chalk({ level: colourLevel }), unicode };
}
