import type { BigIntStats } from 'node:fs';
import { mkdir, rmdir, stat, utimes } from 'node:fs/promises';
import { codeOf } from '../errors.js';

/**
 * Takes a lock by making a directory, which only one process can do, and moves its modification time as a sign of life.
 *
 * @param onLost called once if the directory is gone, or another run's
 * @returns a function that releases the lock; undefined if another run has it
 */
export async function takeLockDirectory(
  path: string,
  everyMs: number,
  onLost: () => void,
): Promise<(() => Promise<void>) | undefined> {
  if (!(await makeOnce(path))) return undefined;
  const own = await identityOfDirectory(path);
  let timer: NodeJS.Timeout | undefined;
  giveSignLater();
  return async () => {
    clearTimeout(timer);
    timer = undefined;
    if ((await isOwn()) === true) await rmdir(path);
  };

  async function giveSign(): Promise<void> {
    const still = await isOwn();
    if (timer === undefined) return;
    if (still === false) return onLost();
    const now = new Date();
    // Any other failure, such as a disk that hangs, is retried: one missing sign is not enough to look dead.
    if (still === true) await utimes(path, now, now).catch(() => undefined);
    if (timer !== undefined) giveSignLater();
  }

  function giveSignLater(): void {
    timer = setTimeout(() => void giveSign(), everyMs).unref();
  }

  /** Undefined if that can't be found out now. */
  async function isOwn(): Promise<boolean | undefined> {
    try {
      return (await identityOfDirectory(path)) === own;
    } catch (error) {
      return codeOf(error) === 'ENOENT' ? false : undefined;
    }
  }
}

/** Makes the directory; false if it was there already. */
export async function makeOnce(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Distinguishes a lock from the next one of the same name; its modification time moves. */
export function identityOf({ ino, birthtimeNs }: BigIntStats): string {
  return `${ino}-${birthtimeNs}`;
}

async function identityOfDirectory(path: string): Promise<string> {
  return identityOf(await stat(path, { bigint: true }));
}
