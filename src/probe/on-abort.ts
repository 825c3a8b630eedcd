const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when the signal is aborted; gives what takes the callback off. For signals that thousands wait for at
 * once: an AbortSignal searches all its listeners whenever one is added or removed.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  let waiting = listeners.get(signal);
  if (waiting === undefined) {
    const all = new Set<() => void>();
    signal.addEventListener('abort', () => all.forEach((call) => call()), { once: true });
    listeners.set(signal, all);
    waiting = all;
  }
  const callbacks = waiting;
  callbacks.add(callback);
  return () => void callbacks.delete(callback);
}
