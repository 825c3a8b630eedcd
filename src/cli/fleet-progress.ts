import type { Context } from './context.js';
import { canRedraw } from './terminal-style.js';

/** How often the line is written anew, in milliseconds. */
const interval = 200;

/** A line on the terminal that says how far a fleet is read. */
export interface FleetProgress {
  /** One more load balancer is read. */
  readonly read: () => void;
  readonly end: () => Promise<void>;
}

/** Shows nothing where nobody watches, nor where the results themselves come to the terminal as they are read. */
export function fleetProgress({ io, clock, progress, throttledCalls }: Context): FleetProgress {
  if (!canRedraw(io.stderr, io.env) || io.stdout.isTerminal)
    return { read: () => undefined, end: () => Promise.resolve() };
  const started = clock.now().getTime();
  let done = 0;
  let shown = started;
  return {
    read: () => {
      done++;
      const now = clock.now().getTime();
      if (now - shown < interval) return;
      shown = now;
      void progress(progressLine(done, now - started, throttledCalls()));
    },
    end: () => progress(''),
  };
}

function progressLine(done: number, ms: number, throttled: number): string {
  const rate = (done / ms) * 1000;
  const parts = [
    `${done} load balancers read`,
    `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} a second`,
    ...(throttled === 0 ? [] : [`${throttled} ${throttled === 1 ? 'call' : 'calls'} throttled`]),
  ];
  return parts.join(', ');
}
