import { constants } from 'node:fs';
import { type FileHandle, rename, rm } from 'node:fs/promises';
import { object, whole } from '../core/plan-check.js';
import { openIfThere, openJournalFile } from './journal-file.js';
import { beginning, type LinePlace } from './line-heads.js';
import { type JournalNames, newName } from './names.js';
import { newestChanges, type Survey, type SurveyedChange, survey } from './survey.js';

/** A journal is looked through again when it has grown by so many bytes; a smaller one is read whole. */
const worthBytes = 256 * 1024;
/** So many bytes in front of the place have to be the same. */
const tailBytes = 256;

/** A place in one file, and how to know it again. */
interface Kept extends LinePlace {
  readonly dev: number;
  readonly ino: number;
  /** Of the file, when it was looked through. */
  readonly size: number;
  /** The bytes in front of the place, each as a character. */
  readonly tail: string;
}

/**
 * The line before which every change of this very file has ended, is readable and has no later line; at least
 * {@link newestChanges} ended changes follow. Else the first line. Edits by hand since {@link keepSettledPlace} don't show.
 */
export async function settledPlace(file: FileHandle, { settled }: JournalNames): Promise<LinePlace> {
  const kept = await keptOf(file, settled);
  return kept === undefined || kept.offset === 0 ? beginning : { offset: kept.offset, nth: kept.nth };
}

/** Scans a journal that has grown, and saves from where on it must be read. */
export async function keepSettledPlace(names: JournalNames): Promise<void> {
  await using file = await openIfThere(names.journal, constants.O_RDONLY);
  if (file === undefined) return;
  const { dev, ino, size } = await file.stat();
  if (size < ((await keptOf(file, names.settled))?.size ?? 0) + worthBytes) return;
  const place = settledIn(await survey(file));
  if (place === undefined) return;
  const { offset, nth } = place;
  const kept: Kept = { dev, ino, size, offset, nth, tail: await tailOf(file, offset) };
  const path = newName(names.directory);
  try {
    await using made = await openJournalFile(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL);
    await made.writeFile(JSON.stringify(kept));
    await rename(path, names.settled);
  } finally {
    await rm(path, { force: true });
  }
}

/** The saved place in this very file; undefined if there is none, or if the file has changed up to there. */
async function keptOf(file: FileHandle, path: string): Promise<Kept | undefined> {
  const kept = await readKept(path);
  if (kept === undefined) return undefined;
  const { dev, ino, size } = await file.stat();
  const same = kept.dev === dev && kept.ino === ino && kept.offset <= kept.size && kept.size <= size;
  return same && kept.tail === (await tailOf(file, kept.offset)) ? kept : undefined;
}

async function readKept(path: string): Promise<Kept | undefined> {
  try {
    await using file = await openIfThere(path, constants.O_RDONLY);
    if (file === undefined) return undefined;
    const kept = JSON.parse(await file.readFile('utf8')) as Kept;
    return isKept(kept) ? kept : undefined;
  } catch {
    // Someone else's, or damaged: then all is read.
    return undefined;
  }
}

const isKept = object({
  dev: whole(0),
  ino: whole(0),
  size: whole(0),
  offset: whole(0),
  nth: whole(1),
  tail: (value) => typeof value === 'string',
});

async function tailOf(file: FileHandle, offset: number): Promise<string> {
  const length = Math.min(offset, tailBytes);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset - length);
  return buffer.toString('latin1', 0, bytesRead);
}

/** From the newest change back: past what is newest, what has no end, and what has a line further on. */
function settledIn({ changes, unread, orphans }: Survey): LinePlace | undefined {
  if (orphans.length > 0) return undefined;
  const firstUnread = unread[0]?.offset ?? Number.POSITIVE_INFINITY;
  let left = newestChanges;
  let place: SurveyedChange | undefined;
  for (const change of [...changes.values()].toReversed()) {
    const goesOn = place !== undefined && (change.lastOffset >= place.offset || place.offset > firstUnread);
    if (left > 0 || !change.ended || goesOn) place = change;
    if (change.ended) left--;
  }
  if (place === undefined || place.offset > firstUnread) return undefined;
  // In front of the oldest change there is none.
  return place === changes.values().next().value ? beginning : place;
}
