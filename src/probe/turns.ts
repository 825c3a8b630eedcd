/** A turn that was taken: to be ended once, as soon as what it was taken for is done or only waits. */
type EndTurn = () => void;

/** Gives turns, first come first served. */
export interface Turns {
  readonly take: () => Promise<EndTurn>;
}

/**
 * Lets only so many be busy at once, so that a thousand targets neither start a thousand connections in the same
 * millisecond nor keep this process from noticing an answer in time. Waiting is not being busy: after `busyMs` a turn
 * ends by itself, whatever it was taken for still goes on.
 */
export function turns(atOnce: number, busyMs: number): Turns {
  const waiting: (() => void)[] = [];
  let [busy, served] = [0, 0];
  const begin = (): EndTurn => {
    let over = false;
    const end = (): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      busy -= 1;
      next();
    };
    const timer = setTimeout(end, busyMs);
    busy += 1;
    return end;
  };
  const next = (): void => {
    const start = waiting[served];
    if (start === undefined) return;
    served += 1;
    if (served === waiting.length) served = waiting.length = 0;
    start();
  };
  return {
    take: () =>
      busy < atOnce
        ? Promise.resolve(begin())
        : new Promise((resolve) => waiting.push(() => resolve(begin()))),
  };
}
