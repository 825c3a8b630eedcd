/** The result of some work, or undefined as soon as it should stop; then the work is not awaited. */
export async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  const over = new AbortController();
  const stop = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true, signal: over.signal });
  });
  try {
    return await Promise.race([work, stop]);
  } finally {
    over.abort();
  }
}
