import type { Style } from './style.js';

/** The signs that text uses. Each is beside the word that it marks, never instead of it. */
export interface Symbols {
  readonly arrow: string;
  readonly separator: string;
  readonly rule: string;
  readonly on: string;
  readonly off: string;
  readonly conflicting: string;
  readonly blocker: string;
  readonly warning: string;
  readonly note: string;
  readonly done: string;
  readonly failed: string;
  readonly notRun: string;
  readonly rolledBack: string;
  readonly unknown: string;
  /** A listener's way to its instance port: alone, or the first, a middle and the last of several. */
  readonly way: {
    readonly only: string;
    readonly first: string;
    readonly middle: string;
    readonly last: string;
  };
}

const unicodeSymbols: Symbols = {
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
