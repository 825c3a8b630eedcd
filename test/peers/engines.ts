import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What the script uses besides its engine. */
const tools = 'sh bash timeout date od readlink awk tr grep sed gzip base64 cut dd cat sleep'.split(' ');

/** Where a program is, or undefined. */
export function whereIs(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** A folder, to be the whole PATH, in which an instance has no interpreter but those that are named. */
export function onlyWith(
  folder: string,
  interpreters: Readonly<Record<string, string>>,
  without: readonly string[] = [],
): string {
  mkdirSync(folder, { recursive: true });
  for (const tool of tools.filter((name) => !without.includes(name))) {
    const path = whereIs(tool);
    if (path === undefined) throw new Error(`${tool} is not installed`);
    symlinkSync(path, join(folder, tool));
  }
  for (const [name, path] of Object.entries(interpreters)) symlinkSync(path, join(folder, name));
  return folder;
}

/** The path of a Python 2, where there is one: Debian has none any more. */
export function python2(): string | undefined {
  for (const candidate of ['python2', 'python2.7']) {
    try {
      return execFileSync(candidate, ['-c', 'import sys; print(sys.executable)'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
    } catch {
      // Not here, or a shim that leads nowhere.
    }
  }
  return undefined;
}
