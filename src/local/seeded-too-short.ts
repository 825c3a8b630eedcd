/** What is wrong with an interval of a seed that its timeout does not fit into, and what to give instead. */
export function seededTooShort(times: { readonly interval: number; readonly timeout: number }): string {
  const { interval, timeout } = times;
  return `healthCheck.interval ${interval} is too short for the timeout of ${timeout}: give a timeout of at most ${interval}, or an interval of at least ${timeout}`;
}
