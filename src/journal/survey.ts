import type { FileHandle } from 'node:fs/promises';
import { beginning, type LineHead, type LinePlace, readHeads } from './line-heads.js';
import { isTorn, notWhole, parseLine } from './parse-line.js';

/** A change, as far as the heads of its lines show it. */
export interface SurveyedChange {
  readonly changeId: string;
  /** Its first line. */
  readonly offset: number;
  readonly nth: number;
  /** Where its last line begins. */
  lastOffset: number;
  ended: boolean;
}

interface UnreadLine {
  readonly nth: number;
  readonly offset: number;
  readonly why: string;
  /** Whose record it is, as far as its first bytes can be believed; empty if they can't. */
  readonly changeId: string;
  /** Whether it is but the beginning of a record. */
  readonly torn: boolean;
}

/** The findings of one pass over a journal's lines, without reading the records of ended changes. */
export interface Survey {
  /** By name, in the order in which they began. */
  readonly changes: ReadonlyMap<string, SurveyedChange>;
  /** Whose record it is, by line number, for lines that were read in full. */
  readonly owners: ReadonlyMap<number, string>;
  readonly unread: readonly UnreadLine[];
  /** Changes of which records are there, but not the beginning. */
  readonly orphans: readonly { readonly changeId: string; readonly nth: number }[];
  /** Where the last whole line ends. */
  readonly end: number;
}

/** Looks through a journal from a line on. Lines whose heads are not quite as expected are read as a whole. */
export async function survey(file: FileHandle, from: LinePlace = beginning): Promise<Survey> {
  const changes = new Map<string, SurveyedChange>();
  const owners = new Map<number, string>();
  const unread: UnreadLine[] = [];
  const orphans = new Map<string, { changeId: string; nth: number }>();
  let last: SurveyedChange | undefined;
  const count = (
    { kind, changeId }: Pick<LineHead, 'kind' | 'changeId'>,
    { offset, nth }: LineHead,
  ): void => {
    const change = last?.changeId === changeId ? last : changes.get(changeId);
    if (change !== undefined) {
      last = change;
      change.lastOffset = offset;
      if (kind === 'end') change.ended = true;
    } else if (kind === 'begin') {
      last = { changeId, offset, nth, lastOffset: offset, ended: false };
      changes.set(last.changeId, last);
    } else if (!orphans.has(changeId)) {
      orphans.set(changeId, { changeId, nth });
    }
  };
  const countWhole = async (line: LineHead): Promise<void> => {
    const text = await textOf(file, line);
    const parsed = await parseLine(text);
    if ('record' in parsed) {
      const { record: kind, changeId } = parsed.record;
      owners.set(line.nth, changeId);
      count({ kind, changeId }, line);
    } else {
      const { nth, offset, changeId } = line;
      const torn = parsed.why === notWhole && isTorn(text);
      unread.push({ nth, offset, why: parsed.why, changeId, torn });
    }
  };
  const { end } = await readHeads(
    file,
    (line) => {
      if (!line.certain) return countWhole(line);
      count(line, line);
      return undefined;
    },
    from,
  );
  return { changes, owners, unread, orphans: [...orphans.values()], end };
}

async function textOf(file: FileHandle, { offset, length }: LineHead): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
  return buffer.toString('utf8', 0, bytesRead);
}

/** The settled changes that stay in the journal; older ones are put aside. */
export const keptChanges = 1000;

/** How many of the newest changes are read if no more are asked for: a screen or two. */
export const newestChanges = 100;

/** The oldest of the newest changes: so many ended ones, and all that have no end. Undefined if there is none. */
export function oldestRecent({ changes }: Survey, most: number): SurveyedChange | undefined {
  let left = most;
  for (const change of [...changes.values()].toReversed()) {
    if (change.ended) left--;
    if (left === 0) return older(change, oldestUnfinished({ changes }));
  }
  return changes.values().next().value;
}

/** The oldest change without an end. */
export function oldestUnfinished({ changes }: Pick<Survey, 'changes'>): SurveyedChange | undefined {
  for (const change of changes.values()) if (!change.ended) return change;
  return undefined;
}

function older(a: SurveyedChange, b: SurveyedChange | undefined): SurveyedChange {
  return b !== undefined && b.offset < a.offset ? b : a;
}
