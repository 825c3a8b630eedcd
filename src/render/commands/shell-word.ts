import { usageError } from '../../errors.js';
import { printable } from '../printable.js';

/** A text as one word of a POSIX shell, as it stands where that is safe, else in single quotes. */
export function shellWord(text: string): string {
  if (/^[A-Za-z0-9_./:@%+=-]+$/.test(text)) return text;
  // What a reviewer can't see can't be reviewed.
  if (printable(text) !== text)
    throw usageError(`${JSON.stringify(printable(text))} has characters that no command line should have`);
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}

/**
 * JSON as one word of a POSIX shell: whatever is not visible ASCII, and the single quote, is written as a `\u` escape,
 * which is the same value to whoever parses it.
 */
export function jsonWord(value: object): string {
  const json = JSON.stringify(value).replaceAll(
    /[^ -&(-~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `'${json}'`;
}
