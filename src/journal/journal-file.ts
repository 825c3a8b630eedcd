import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../errors.js';
import { isShared } from './make-directory.js';

/** Windows has none. */
const noFollow = constants.O_NOFOLLOW ?? 0;

/** Opens a file of the journal; a link, or anything else that is not a regular file, is refused. */
export async function openJournalFile(path: string, flags: number): Promise<FileHandle> {
  // Without O_NONBLOCK, opening a pipe would block until its other end is opened.
  const file = await open(path, flags | noFollow | (constants.O_NONBLOCK ?? 0), 0o600).catch(explainLink);
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new Error('it is not a regular file');
    if ((flags & (constants.O_WRONLY | constants.O_RDWR)) !== 0) await setMode(file, path, found.mode);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Private to its owner, because it names an account's resources. In a shared directory also the group's, whatever the umask. */
async function setMode(file: FileHandle, path: string, mode: number): Promise<void> {
  const wanted = (await isShared(dirname(path))) ? 0o660 : 0o600;
  if ((mode & 0o777) === wanted) return;
  // Only the owner can change the mode; if others can read the file and should not, nothing is added to it.
  await file.chmod(wanted).catch((error: unknown) => {
    if ((mode & 0o777 & ~wanted) !== 0) throw error;
  });
}

/** The same, undefined if there is none. */
export function openIfThere(path: string, flags: number): Promise<FileHandle | undefined> {
  return ifThere(openJournalFile(path, flags));
}

/** The result of a call on a file; undefined if the file does not exist. */
export async function ifThere<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function explainLink(error: unknown): never {
  if (codeOf(error) === 'ELOOP')
    throw new Error('it is a symbolic link, which is not followed', { cause: error });
  throw error;
}

/** Appends whole lines and returns once they are on the disk, never glued to half a line that a dying run left. */
export async function appendLines(file: FileHandle, lines: Buffer): Promise<void> {
  const { size } = await file.stat();
  const bytes = (await endsInMidLine(file, size)) ? Buffer.concat([Buffer.from('\n'), lines]) : lines;
  const { bytesWritten } = await file.write(bytes);
  if (bytesWritten !== bytes.length) throw new Error('only a part of the record could be written');
  await file.sync();
}

async function endsInMidLine(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}

/** A new file's name is only safe once its directory is on the disk too. */
export async function syncDirectory(directory: string): Promise<void> {
  await using handle = await open(directory, 'r');
  await handle.sync();
}
