import type { Context } from '../context.js';
import { progressLine } from '../progress-line.js';

/** A line on the terminal that says how far a fleet is read. */
export interface FleetProgress {
  /** One more load balancer is read. */
  readonly read: () => void;
  readonly end: () => Promise<void>;
}

/** Shows nothing if no one watches, or if the results themselves appear on the terminal as they are read. */
export function fleetProgress(context: Context): FleetProgress {
  if (context.io.stdout.isTerminal) return { read: () => undefined, end: () => Promise.resolve() };
  const { show, end } = progressLine(context);
  let done = 0;
  return {
    read: () => {
      done++;
      show((ms) => wordsFor(done, ms, context.throttledCalls()));
    },
    end,
  };
}

function wordsFor(done: number, ms: number, throttled: number): string {
  const rate = (done / ms) * 1000;
  const parts = [
    `${done} load balancers read`,
    `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} a second`,
    ...(throttled === 0 ? [] : [`${throttled} ${throttled === 1 ? 'call' : 'calls'} throttled`]),
  ];
  return parts.join(', ');
}
