import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The path of a program that tests run beside this one, or undefined when it is not installed.
 *
 * Where CI is `true` a missing peer is an error: a check that nobody runs is no check. Elsewhere one line
 * says how to get it, and the caller skips: `describe.skipIf(peer === undefined)`.
 */
export function findPeer(
  command: string,
  howToGet: string,
  folders: readonly string[] = (process.env['PATH'] ?? '').split(delimiter),
): string | undefined {
  for (const folder of folders) {
    const path = join(folder, command);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here.
    }
  }
  const missing = `${command} is not installed; to get it: ${howToGet}`;
  if (process.env['CI'] === 'true') throw new Error(missing);
  console.log(`skipped: ${missing}`);
  return undefined;
}
