import { shellWord as quoted } from '../../core/next-command.js';
import { usageError } from '../../errors.js';
import { printable } from '../printable.js';

/** A text as one word of a POSIX shell. @throws a usage error for what a reviewer of the script could not see */
export function shellWord(text: string): string {
  if (printable(text) !== text)
    throw usageError(
      `${JSON.stringify(printable(text))} has characters that should not be in a command line`,
    );
  return quoted(text);
}
