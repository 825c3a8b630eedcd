/** Yields items until the signal is aborted, then ends at once, even with a call under way. */
export async function* untilAborted<T>(
  items: AsyncGenerator<T, undefined>,
  signal: AbortSignal,
): AsyncGenerator<T, undefined> {
  try {
    for (;;) {
      const next = await orAborted(items.next(), signal);
      if (next === undefined || next.done === true) return;
      yield next.value;
    }
  } finally {
    // Not waited for: it would wait for the answer of the call under way.
    void items.return(undefined).catch(() => undefined);
  }
}

/** A listener of its own for each promise: racing with one that lives on would keep every value that was raced. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve(undefined);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
