import { constants } from 'node:fs';
import { type FileHandle, link, lstat, rename, rm } from 'node:fs/promises';
import { foldHistory, unsettled } from '../core/history.js';
import type { JournalRecord } from '../core/record.js';
import { codeOf } from '../errors.js';
import { appendLines, ifThere, openIfThere, openJournalFile, syncDirectory } from './journal-file.js';
import { readHeads } from './line-heads.js';
import { archiveName, type JournalNames, newName } from './names.js';
import { parseLine } from './parse-line.js';
import { keptChanges, survey } from './survey.js';

/** How many surplus changes are tolerated before a new file is worth it. */
const slack = 100;
/** Milliseconds; the work itself takes less than one second. */
const claimMs = 10 * 60_000;
/** A journal with more changes than are kept has more bytes than this. */
const leastBytes = 512 * 1024;

/**
 * Moves settled changes beyond the newest out of a journal that has grown long, into a file of the day.
 *
 * A kill at any instant loses nothing, and duplicate records count once. Settled changes are appended to their own file.
 * The others are written to a new file. The journal is renamed, so that no run appends to it; records that arrived
 * meanwhile are added; and the new file is linked as the journal. A run that appends checks afterwards whether its file is
 * still the journal, and waits if there is none (see `append-record.ts`).
 */
export async function putAside(names: JournalNames, now: Date): Promise<void> {
  await using file = await openIfThere(names.journal, constants.O_RDWR | constants.O_APPEND);
  if (file === undefined || (await file.stat()).size < leastBytes) return;
  if (!(await claim(names))) return;
  try {
    await putAsideAlone(file, names, now);
  } finally {
    await rm(names.claim, { force: true });
  }
}

async function putAsideAlone(file: FileHandle, names: JournalNames, now: Date): Promise<void> {
  const split = await splitLines(file);
  if (split === undefined) return;
  await appendTo(archiveName(names.directory, now), split.settled);
  const rest = newName(names.directory);
  try {
    await appendTo(rest, split.kept, constants.O_EXCL);
    await clearMoved(names, now);
    await rename(names.journal, names.moved);
    await exchange(file, rest, split.end, names);
  } finally {
    await rm(rest, { force: true });
  }
}

/** One run at a time; the claim of a run that died expires after a while. */
async function claim({ claim: path }: JournalNames): Promise<boolean> {
  const left = await ifThere(lstat(path));
  if (left !== undefined && Math.abs(Date.now() - left.mtimeMs) > claimMs) await rm(path, { force: true });
  try {
    await using _claimed = await openJournalFile(
      path,
      constants.O_RDWR | constants.O_CREAT | constants.O_EXCL,
    );
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** From here until the link exists, no run appends. */
async function exchange(file: FileHandle, rest: string, end: number, names: JournalNames): Promise<void> {
  try {
    const { ino: own, size } = await file.stat();
    const { ino } = await lstat(names.moved);
    // Another run has put changes aside at the same time: the renamed file is its journal.
    if (ino !== own) throw new Error('the journal was replaced');
    if (size > end) {
      const { buffer } = await file.read(Buffer.alloc(size - end), 0, size - end, end);
      await appendTo(rest, buffer);
    }
    await link(rest, names.journal);
    await removeMoved(names, own);
  } catch (error) {
    await putBack(names);
    throw error;
  }
  await syncDirectory(names.directory);
}

/** Makes the renamed file the journal again, unless there is one. */
export async function putBack(names: JournalNames): Promise<void> {
  const { journal, moved, directory } = names;
  try {
    await link(moved, journal);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    // A file system without links; no run appends while there is no journal.
    if (codeOf(error) !== 'EEXIST') await rename(moved, journal);
  }
  await removeMoved(names, (await lstat(journal).catch(() => undefined))?.ino);
  await syncDirectory(directory);
}

/**
 * Removes the renamed file if it is the known one. The name may be another run's by now: so the file gets a name of its
 * own first, and its old one back if it is not the known one.
 */
async function removeMoved({ moved, directory }: JournalNames, known: number | undefined): Promise<void> {
  const taken = archiveName(directory, new Date(), true);
  try {
    if ((await lstat(moved)).ino !== known) return;
    await rename(moved, taken);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if ((await lstat(taken)).ino !== known) await link(taken, moved);
  await rm(taken);
}

/**
 * Finishes what a run that died here has left. A renamed file that remains is kept in a file of its own, although all of it
 * should be in the journal or in the file of the day. It keeps its name as well, because another run may need it.
 */
async function clearMoved(names: JournalNames, now: Date): Promise<void> {
  await putBack(names);
  await ifThere(link(names.moved, archiveName(names.directory, now, true)));
}

async function appendTo(path: string, lines: Buffer, flags = 0): Promise<void> {
  await using file = await openJournalFile(
    path,
    constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | flags,
  );
  await appendLines(file, lines);
}

interface Split {
  readonly settled: Buffer;
  readonly kept: Buffer;
  /** Where the last whole line ends. */
  readonly end: number;
}

/** Undefined if there is not enough to be moved. */
async function splitLines(file: FileHandle): Promise<Split | undefined> {
  const { changes, owners, end } = await survey(file);
  const ended = [...changes.values()].filter((change) => change.ended);
  if (ended.length <= keptChanges + slack) return undefined;
  const { buffer } = await file.read(Buffer.alloc(end), 0, end, 0);
  const standing = await standingIn(buffer);
  const moving = new Set(ended.slice(0, -keptChanges).map(({ changeId }) => changeId));
  const cut = ended.at(-keptChanges)?.offset ?? 0;
  for (const { changeId, offset, ended: isEnded } of changes.values())
    if (!isEnded && offset < cut && !standing.has(changeId)) moving.add(changeId);
  const settled: Buffer[] = [];
  const kept: Buffer[] = [];
  await readHeads(file, ({ offset, length, ...line }) => {
    const owner = line.certain ? line.changeId : (owners.get(line.nth) ?? line.changeId);
    if (offset + length >= end) return undefined;
    const bytes = buffer.subarray(offset, offset + length + 1);
    const isMoving = changes.has(owner) ? moving.has(owner) : offset < cut;
    (isMoving ? settled : kept).push(bytes);
    return undefined;
  });
  return { settled: Buffer.concat(settled), kept: Buffer.concat(kept), end };
}

/** The changes that may be in effect still, or may run: no end, and not settled by a later one. */
async function standingIn(bytes: Buffer): Promise<ReadonlySet<string>> {
  const records: JournalRecord[] = [];
  for (const line of bytes.toString('utf8').split('\n')) {
    if (line.trim() === '') continue;
    const parsed = await parseLine(line);
    if ('record' in parsed) records.push(parsed.record);
  }
  return new Set(unsettled(foldHistory(records)).map(({ changeId }) => changeId));
}
