import type { ChalkInstance } from 'chalk';

/** The look of text: decided once, where the terminal is known, and handed to every renderer. */
export interface Style {
  /** Columns that a line may fill; `Infinity` for no limit. */
  readonly width: number;
  /** Writes no escape sequence at level 0. */
  readonly colour: ChalkInstance;
  /** Whether arrows, ticks and lines may be other than ASCII. */
  readonly unicode: boolean;
}

/** The signs that text uses. Each is beside the word that it marks, never instead of it. */
export type Symbols = Readonly<typeof unicodeSymbols>;

const unicodeSymbols = {
  arrow: '→',
  separator: ' · ',
  rule: '─',
  on: '●',
  off: '○',
  conflicting: '▲',
  blocker: '✗',
  warning: '▲',
  note: '•',
  done: '✓',
  failed: '✗',
  notRun: '·',
  rolledBack: '↩',
  unknown: '?',
  /** A listener's way to its instance port: alone, or the first, a middle and the last of several. */
  way: { only: '──→', first: '─┬→', middle: '─┤ ', last: '─┘ ' },
};

const asciiSymbols: Symbols = {
  arrow: '->',
  separator: ', ',
  rule: '-',
  on: '*',
  off: '-',
  conflicting: '!',
  blocker: 'x',
  warning: '!',
  note: '.',
  done: '+',
  failed: 'x',
  notRun: '.',
  rolledBack: '<',
  unknown: '?',
  way: { only: '-->', first: '-+>', middle: '-| ', last: "-' " },
};

/** The signs of a style, or their ASCII replacements. */
export function symbols(style: Style): Symbols {
  return style.unicode ? unicodeSymbols : asciiSymbols;
}
