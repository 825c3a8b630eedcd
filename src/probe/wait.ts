/**
 * Calls back after `ms`, unless the wait is ended first. What arrived meanwhile is read before: a process that was busy or
 * suspended would else take an answer that lies in the socket for silence.
 */
export function wait(ms: number, over: () => void): () => void {
  let ended = false;
  const timer = setTimeout(
    () =>
      void setImmediate(() => {
        if (!ended) over();
      }),
    ms,
  );
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
