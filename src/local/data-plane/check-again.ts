import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A check, and how often to make it. */
export interface Checks<Result> {
  readonly check: (signal: AbortSignal) => Promise<Result>;
  readonly onResult: (result: Result) => void;
  /** From the beginning of one check to that of the next one, in milliseconds; asked each time. */
  readonly intervalMs: () => number;
}

/** Ends the present checks and starts others, one check after the other. */
export function restartChecks<Result>(watched: { checks: AbortController }, checks: Checks<Result>): void {
  watched.checks.abort();
  watched.checks = new AbortController();
  void checkAgain(checks, watched.checks.signal);
}

/** Ends with the signal; the result of a check that it cut off is not reported. */
async function checkAgain<Result>(
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

/** Ends a check's connection or request when its time is up or the signal is aborted, and reports how it ended. */
export function limitCheck(
  open: Socket | ClientRequest,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
  onEnd: (how: 'closed' | 'timeout') => void,
): void {
  const stop = (): void => void open.destroy();
  const timer = setTimeout(() => {
    onEnd('timeout');
    stop();
  }, timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  open.on('error', () => undefined);
  open.once('close', () => {
    onEnd('closed');
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  });
}
