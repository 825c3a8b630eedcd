import type { Target } from '../core/verify-result.js';
import { usageError } from '../errors.js';

/** One port number; names the option and the value if it is not one. */
export function portNumber(option: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw usageError(`${option} ${text}: a port is a number from 1 to 65535`);
}

/** A whole number in a range, its ends included; undefined if none is given. */
export function wholeNumber(
  option: string,
  text: string | undefined,
  { least, most }: { readonly least: number; readonly most: number },
) {
  if (text === undefined) return undefined;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (number >= least && number <= most) return number;
  throw usageError(`${option} ${text}: give a whole number from ${least} to ${most}`);
}

const units = { ms: 1, s: 1000, m: 60_000 } as const;

/** A time such as `30s`, `500ms`, `1.5s`, `2m`, or a bare number of seconds, in milliseconds. */
export function milliseconds(option: string, text: string): number {
  const [, digits, unit = 's'] = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|m)?$/.exec(text) ?? [];
  if (digits === undefined)
    throw usageError(`${option} ${text}: a time is given as 30s, 500ms, 1.5s, 2m, or a number of seconds`);
  return Math.round(Number(digits) * units[unit as keyof typeof units]);
}

/** The same, above 0 and at most so many seconds; undefined if none is given. */
export function boundedTime(option: string, text: string | undefined, mostSeconds: number) {
  if (text === undefined) return undefined;
  const ms = milliseconds(option, text);
  if (ms > 0 && ms <= mostSeconds * 1000) return ms;
  throw usageError(`${option} ${text}: give a time above 0 and at most ${mostSeconds}s`);
}

/** A `HOST:PORT`; names the option and the value if it is not one. */
export async function hostAndPort(option: string, text: string): Promise<Target> {
  const { parseTarget, targetForm } = await import('../probe/target.js');
  const target = parseTarget(text);
  if (target !== undefined) return target;
  throw usageError(`${option} ${text}: give it as HOST:PORT`, targetForm);
}
