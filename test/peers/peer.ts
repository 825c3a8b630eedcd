import { accessSync, constants, realpathSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';

/**
 * The path of a program that tests run beside this one, or undefined when it is not installed.
 *
 * Where CI is `true` a missing peer is an error: a check that never runs checks nothing. Elsewhere one line
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

/** Every program of a name on the path, and Debian's: two AWS CLIs of one machine may speak different protocols. */
export function findPeers(command: string, howToGet: string): readonly string[] {
  const folders = [...new Set([...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin'])];
  const found = folders.flatMap((folder) => {
    // In front of it is what its shims start (see run-folder.ts).
    if (basename(folder) === 'shims') return [];
    try {
      accessSync(join(folder, command), constants.X_OK);
      return realpathSync(join(folder, command));
    } catch {
      return [];
    }
  });
  if (found.length === 0) findPeer(command, howToGet, folders);
  return [...new Set(found)];
}
