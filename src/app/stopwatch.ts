import type { Clock } from './ports.js';

/** Time that has passed, by a wall clock that may be set back meanwhile. */
interface Stopwatch {
  /** Milliseconds since the start. */
  readonly passed: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Starts one. What was slept has passed, whatever the clock says: a clock that is set back prolongs no patience. */
export function stopwatch(clock: Clock): Stopwatch {
  let total = 0;
  let last = clock.now().getTime();
  const passed = (atLeast = 0): number => {
    const now = clock.now().getTime();
    total += Math.max(now - last, atLeast);
    last = now;
    return total;
  };
  return {
    passed: () => passed(),
    sleep: async (ms) => {
      passed();
      await clock.sleep(ms);
      passed(ms);
    },
  };
}
