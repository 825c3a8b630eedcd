import { Chalk, type ColorSupportLevel } from 'chalk';
import type { Style } from './style.js';

/** The choices that make a style. */
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
