import { chmod, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../errors.js';

/**
 * Makes a private directory and its missing parents; an existing one is left as it is.
 * Node's own `recursive` never returns if a directory can't be made although its parent exists, as in `/proc`.
 */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await make(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await makeDirectory(dirname(path));
    await make(path);
  }
}

/** The same inside a state directory: where that is shared by a group, so is this. */
export async function makeWithin(path: string): Promise<void> {
  await makeDirectory(path);
  if (!(await isShared(dirname(path))) || (await isShared(path))) return;
  // A directory of another user is left to its owner.
  await chmod(path, 0o2770).catch(() => undefined);
}

async function make(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
  }
}

/** Set-group-id and writable for the group: someone meant this directory for several users. */
const sharedBits = 0o2020;

/** Whether a state directory is shared among the users of its group; any other is its owner's alone. */
export async function isShared(directory: string): Promise<boolean> {
  return ((await stat(directory)).mode & sharedBits) === sharedBits;
}
