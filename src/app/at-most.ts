/** Runs a piece of work once it is its turn. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** Limits how many pieces of work run at a time; the others wait in order of arrival. */
export function atMost(most: number): InTurn {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= most)
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    else running++;
    try {
      return await work();
    } finally {
      // The place goes to the next one, or is free.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
