/** A health check's times that do not go together. */
interface TooShort {
  readonly interval: number;
  readonly timeout: number;
  /** The longest timeout that goes with this interval; none does where it is under 1. */
  readonly most: number;
  /** The protocol whose usual timeout it is; undefined where the seed has one. */
  readonly usualTimeout?: string | undefined;
}

/** What is wrong with an interval of a seed that its timeout does not fit into, and what to give instead. */
export function seededTooShort({ interval, timeout, most, usualTimeout }: TooShort): string {
  const least = timeout + interval - most;
  const of = usualTimeout === undefined ? '' : ` (the usual one of a ${usualTimeout} check)`;
  const shorter = most < 1 ? '' : `a timeout of at most ${most}, or `;
  return `healthCheck.interval ${interval} is too short for the timeout of ${timeout}${of}: give ${shorter}an interval of at least ${least}`;
}
