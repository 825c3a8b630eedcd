import { execFileSync } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from './elb-proxy.js';

/** The files that a clone would have, as they are now. */
export async function freshClone(): Promise<string> {
  const folder = await temporaryDirectory();
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    encoding: 'utf8',
  });
  for (const path of listed.split('\0').filter((name) => name !== ''))
    await cp(path, join(folder, path)).catch((error: NodeJS.ErrnoException) => {
      // Deleted, and not committed yet.
      if (error.code !== 'ENOENT') throw error;
    });
  return folder;
}
