const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls back on abort; returns how to stop that. An AbortSignal itself is slow with thousands of listeners. */
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
