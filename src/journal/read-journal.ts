import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { JournalContents, JournalPart } from '../app/ports.js';
import type { JournalRecord } from '../core/record.js';
import { openIfThere } from './journal-file.js';
import { beginning, type LinePlace } from './line-heads.js';
import { archives, type JournalNames } from './names.js';
import { notWhole, parseLine } from './parse-line.js';
import { settledPlace } from './settled-place.js';
import { keptChanges, newestChanges, oldestRecent, oldestUnfinished, type Survey, survey } from './survey.js';

type Lost = NonNullable<JournalContents['lost']>[number];
type Read = Required<JournalContents>;

const nothing: Read = { records: [], warnings: [], lost: [], older: false };

/** Reads a part of a journal: one pass over the heads of its lines, and the records themselves only from where it begins. */
export async function readJournal(names: JournalNames, part: JournalPart): Promise<JournalContents> {
  // The journal first: a change that is put aside meanwhile is then read twice, rather than not at all.
  const own = await readCurrent(names, part);
  const aside = part === 'unfinished' ? [] : await archives(names.directory);
  const before = part === 'all' ? await Promise.all(aside.map((path) => readOne(path, part))) : [];
  return {
    records: [...before, own].flatMap(({ records }) => records),
    warnings: [...before, own].flatMap(({ warnings }) => warnings),
    // Lost older records are reported; none of them is newer than a record that was read.
    lost: own.lost,
    older: own.older || (part !== 'all' && aside.length > 0),
  };
}

async function readOne(path: string, part: JournalPart): Promise<Read> {
  await using file = await openIfThere(path, constants.O_RDONLY);
  // Awaited here: the file is closed at the end of this function.
  return file === undefined ? nothing : await readFrom(file, path, part);
}

/** The journal; while a run puts settled changes aside, or after one has died over it, it has another name. */
async function readCurrent(names: JournalNames, part: JournalPart): Promise<Read> {
  for (const path of [names.journal, names.moved, names.journal]) {
    await using file = await openIfThere(path, constants.O_RDONLY);
    if (file === undefined) continue;
    // Undo and `--all` read every line; if only new or unfinished changes matter, settled ones are skipped.
    const skips = part === 'newest' || part === 'unfinished';
    return await readFrom(file, path, part, skips ? await settledPlace(file, names) : beginning);
  }
  return nothing;
}

async function readFrom(file: FileHandle, path: string, part: JournalPart, start = beginning): Promise<Read> {
  const seen = await survey(file, start);
  // A record that came late, of a change from before: it is looked for from the beginning.
  if (start !== beginning && seen.orphans.length > 0) return readFrom(file, path, part);
  const first = firstOfPart(seen, part);
  const { records, unread } =
    first === undefined ? { records: [], unread: [] } : await parseFrom(file, first);
  const known = new Set(seen.unread.map(({ nth }) => nth));
  const more = unread.filter(({ nth }) => !known.has(nth));
  const said = [...seen.unread, ...more].toSorted((a, b) => a.nth - b.nth);
  const { lost, orphanWarnings } = lostIn(seen, { records, unread: more }, path);
  return {
    records,
    warnings: [
      ...said.map(({ nth, why }) => `line ${nth} of ${path} was skipped: ${why}`),
      ...orphanWarnings,
    ],
    lost,
    older:
      start !== beginning ||
      (part !== 'all' &&
        first !== undefined &&
        first.offset > (seen.changes.values().next().value?.offset ?? 0)),
  };
}

function firstOfPart(seen: Survey, part: JournalPart) {
  switch (part) {
    case 'all':
      return beginning;
    case 'recent':
      return oldestRecent(seen, keptChanges);
    case 'newest':
      return oldestRecent(seen, newestChanges);
    case 'unfinished':
      return oldestUnfinished(seen);
  }
}

interface Unread {
  readonly nth: number;
  readonly why: string;
}

async function parseFrom(
  file: FileHandle,
  { offset, nth: first }: LinePlace,
): Promise<{ readonly records: readonly JournalRecord[]; readonly unread: readonly Unread[] }> {
  const { size } = await file.stat();
  const bytes = Buffer.allocUnsafe(Math.max(0, size - offset));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
  const records: JournalRecord[] = [];
  const unread: Unread[] = [];
  let nth = first;
  for (const line of bytes.toString('utf8', 0, bytesRead).split('\n')) {
    if (line.trim() !== '') {
      const parsed = await parseLine(line);
      if ('record' in parsed) records.push(parsed.record);
      else unread.push({ nth, why: parsed.why });
    }
    nth++;
  }
  return { records, unread };
}

/** Possible changes that are not read: lines that belong to no known change, and records without a beginning. */
function lostIn(
  seen: Survey,
  read: { readonly records: readonly JournalRecord[]; readonly unread: readonly Unread[] },
  path: string,
) {
  const unreadable = new Map(read.unread.map(({ nth, why }) => [nth, why]));
  const withRecords = new Set(read.records.map(({ changeId }) => changeId));
  const changes = [...seen.changes.values()];
  const readable = changes.filter(({ nth }) => !unreadable.has(nth));
  const after = (nth: number): string | undefined =>
    readable.findLast((change) => change.nth < nth)?.changeId;
  const lines = [
    ...seen.unread.filter(({ changeId, torn }) => !torn && !seen.changes.has(changeId)),
    // An incomplete beginning with nothing after it belongs to a run that never wrote anything.
    ...changes.filter(
      ({ nth, changeId }) =>
        unreadable.has(nth) && (unreadable.get(nth) !== notWhole || withRecords.has(changeId)),
    ),
  ].map(({ nth, changeId }): Lost => {
    const whose = changeId === '' ? '' : `, of change ${changeId}`;
    return { what: `line ${nth} of ${path}${whose}`, after: after(nth) };
  });
  const orphans = seen.orphans.map(({ changeId, nth }): Lost => {
    const what = `change ${changeId}, of which ${path} has records from line ${nth} on, but not the beginning`;
    return { what, after: after(nth) };
  });
  return {
    lost: [...lines, ...orphans],
    orphanWarnings: orphans.map(({ what }) => `not enough is known to undo ${what}`),
  };
}
