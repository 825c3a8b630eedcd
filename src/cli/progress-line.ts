import type { Context } from './context.js';
import { canRedraw } from './terminal-style.js';

/** No more often than this, in milliseconds, the line is written again, and not before it has taken as long. */
const everyMs = 200;

/** One line on a terminal that says how far some work is. */
export interface ProgressLine {
  /** Writes the line again where it is time to; `ms` is how long it has taken until now. */
  readonly show: (words: (ms: number) => string) => void;
  /** Takes it away. */
  readonly end: () => Promise<void>;
}

/** Shows nothing without a terminal. */
export function progressLine({
  io,
  clock,
  progress,
}: Pick<Context, 'io' | 'clock' | 'progress'>): ProgressLine {
  if (!canRedraw(io.stderr, io.env)) return { show: () => undefined, end: () => Promise.resolve() };
  const started = clock.now().getTime();
  let shown = started;
  return {
    show: (words) => {
      const now = clock.now().getTime();
      if (now - shown < everyMs) return;
      shown = now;
      void progress(words(now - started));
    },
    end: () => progress(''),
  };
}
