import { constants } from 'node:fs';
import { type FileHandle, lstat } from 'node:fs/promises';
import { appendLines, ifThere, openIfThere, openJournalFile, syncDirectory } from './journal-file.js';
import { makeDirectory } from './make-directory.js';
import type { JournalNames } from './names.js';
import { putBack } from './put-aside.js';

/** Milliseconds after which a run that puts settled changes aside has died over it. */
const patienceMs = 2000;
const pauseMs = 5;
/** How often a line is appended to a file that was moved away just then. */
const mostTries = 10;

/** Appends a line, and returns once it is on disk in the current journal file, which may be replaced meanwhile. */
export async function appendRecord(names: JournalNames, line: string): Promise<void> {
  await makeDirectory(names.directory);
  const bytes = Buffer.from(`${line}\n`);
  for (let tries = 0; tries < mostTries; tries++) {
    await using file = await openToAppend(names);
    // One write in append mode, so that runs side by side never tear each other's lines.
    await appendLines(file, bytes);
    if (await isStill(file, names.journal)) return;
  }
  throw new Error('it is replaced again and again');
}

async function openToAppend(names: JournalNames): Promise<FileHandle> {
  const flags = constants.O_RDWR | constants.O_APPEND;
  for (let waited = 0; ; waited += pauseMs) {
    const file = await openIfThere(names.journal, flags);
    if (file !== undefined) return file;
    if ((await ifThere(lstat(names.moved))) === undefined) break;
    if (waited >= patienceMs) await putBack(names);
    else await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  const made = await openJournalFile(names.journal, flags | constants.O_CREAT);
  await syncDirectory(names.directory);
  return made;
}

async function isStill(file: FileHandle, path: string): Promise<boolean> {
  const { ino, dev } = await file.stat();
  const now = await ifThere(lstat(path));
  return now?.ino === ino && now.dev === dev;
}
