import type { FileHandle } from 'node:fs/promises';
import type { JournalRecord } from '../core/record.js';

/** Where a line begins. */
export interface LinePlace {
  /** Bytes from the file's beginning. */
  readonly offset: number;
  /** From 1. */
  readonly nth: number;
}

/** The first line of a file. */
export const beginning: LinePlace = { offset: 0, nth: 1 };

/** The content of a line's first bytes, or why the whole line must be read. */
export interface LineHead extends LinePlace {
  /** Bytes, without the line feed. */
  readonly length: number;
  readonly kind: JournalRecord['record'] | 'other';
  readonly changeId: string;
  /** As it begins and ends, and with nothing left to check: of an end all of it, of the rest its head. */
  readonly certain: boolean;
}

// Keys in the orders in which this tool has written them. Only a head that looks exactly as expected is trusted: a name
// deeper in the line comes from elsewhere and may contain anything. An end record is short, so it is checked in full.
const head =
  /\{"formatVersion":1,(?:"record":"(begin|write|written|end)",)?"changeId":"([A-Za-z0-9-]{1,64})","at":"\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z"(?:,"record":"(begin|end)"|,"change":\d{1,9},"step":\d{1,9},"direction":"(?:forward|back)","record":"(write|written)")?/y;
const endTail = /,"outcome":"(?:applied|unchanged|refused|rolled-back|partial)"\}$/y;

const chunkBytes = 1 << 18;
/** A line with a longer head is read whole. */
const headBytes = 240;

/**
 * Reads the heads of a file's lines in one pass, with a buffer no larger than the longest line; blank lines are left out.
 * Awaits the result of `seen`. Returns where the last complete line ends.
 */
export async function readHeads(
  file: FileHandle,
  seen: (line: LineHead) => Promise<void> | undefined,
  from: LinePlace = beginning,
): Promise<{ readonly end: number }> {
  let buffer = Buffer.allocUnsafe(chunkBytes);
  let end = from.offset;
  let nth = from.nth - 1;
  for (;;) {
    // If the buffer has only a part of a line, the line is read again from its beginning.
    const { bytesRead } = await file.read(buffer, 0, buffer.length, end);
    const read = buffer.subarray(0, bytesRead);
    const at: Place = { start: 0, offset: end, nth };
    for (let waiting = seeLines(read, at, seen); waiting !== undefined; waiting = seeLines(read, at, seen))
      await waiting;
    if (at.start === 0 && bytesRead < buffer.length) {
      const rest = headOf(read, 0, bytesRead, end, nth + 1);
      if (rest !== undefined) await seen(rest);
      return { end };
    }
    end += at.start;
    nth = at.nth;
    if (at.start === 0) buffer = Buffer.allocUnsafe(2 * buffer.length);
  }
}

/** How far a buffer has been looked through. */
interface Place {
  start: number;
  /** Where the buffer begins in the file. */
  readonly offset: number;
  nth: number;
}

/** Walks the complete lines in a buffer, up to one that must be awaited. A separate function, to keep this loop fast. */
function seeLines(
  buffer: Buffer,
  at: Place,
  seen: (line: LineHead) => Promise<void> | undefined,
): Promise<void> | undefined {
  for (
    let stop = buffer.indexOf(lineFeed, at.start);
    stop !== -1;
    stop = buffer.indexOf(lineFeed, at.start)
  ) {
    at.nth++;
    const line = headOf(buffer, at.start, stop, at.offset + at.start, at.nth);
    at.start = stop + 1;
    const waiting = line === undefined ? undefined : seen(line);
    if (waiting !== undefined) return waiting;
  }
  return undefined;
}

/** Undefined for a line of blanks. */
function headOf(
  buffer: Buffer,
  start: number,
  stop: number,
  offset: number,
  nth: number,
): LineHead | undefined {
  // A byte is a character here: the keys are ASCII.
  const text = buffer.toString('latin1', start, Math.min(stop, start + headBytes));
  head.lastIndex = 0;
  const matched = head.exec(text);
  const length = stop - start;
  const kind = matched === null ? undefined : (matched[1] ?? matched[3] ?? matched[4]);
  if (matched === null || kind === undefined) {
    if (matched === null && buffer.toString('latin1', start, stop).trim() === '') return undefined;
    return { offset, length, nth, kind: 'other', changeId: '', certain: false };
  }
  const changeId = matched[2] ?? '';
  let certain = buffer[stop - 1] === closingBrace;
  if (kind === 'end') {
    endTail.lastIndex = head.lastIndex;
    certain = length <= headBytes && endTail.test(text);
  }
  return { offset, length, nth, kind: kind as JournalRecord['record'], changeId, certain };
}

const lineFeed = 0x0a;
const closingBrace = 0x7d;
