import { setTimeout as delay } from 'node:timers/promises';

/** A check, and how often to make it. */
export interface Checks<Result> {
  readonly check: (signal: AbortSignal) => Promise<Result>;
  readonly onResult: (result: Result) => void;
  /** From the beginning of one check to that of the next one, in milliseconds; asked each time. */
  readonly intervalMs: () => number;
}

/** Makes one check after the other until the signal ends it; the result of a check that it cut off is not reported. */
export async function checkAgain<Result>(
  { check, onResult, intervalMs }: Checks<Result>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const started = performance.now();
    const result = await check(signal);
    if (signal.aborted) return;
    onResult(result);
    const rest = Math.max(0, intervalMs() - (performance.now() - started));
    await delay(rest, undefined, { signal }).catch(() => undefined);
  }
}
