import type { FileHandle } from 'node:fs/promises';
import type { JournalRecord } from '../core/record.js';

/** What the first bytes of a line say, or why all of it has to be looked at. */
export interface LineHead {
  /** Bytes from the file's beginning. */
  readonly offset: number;
  /** Bytes, without the line feed. */
  readonly length: number;
  /** From 1. */
  readonly nth: number;
  readonly kind: JournalRecord['record'] | 'other';
  readonly changeId: string;
  /** As it begins and ends, and with nothing left to check: of an end all of it, of the rest its head. */
  readonly certain: boolean;
}

// Keys in the orders in which this tool has written them. Nothing but a head that is quite as expected is believed: a
// name of someone else's deeper in the line may say anything. An end counts, and is short, so all of it is looked at.
const head =
  /\{"formatVersion":1,(?:"record":"(begin|write|written|end)",)?"changeId":"([A-Za-z0-9-]{1,64})","at":"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z"(?:,"record":"(begin|end)"|,"change":\d{1,9},"step":\d{1,9},"direction":"(?:forward|back)","record":"(write|written)")?/y;
const endTail = /,"outcome":"(?:applied|unchanged|refused|rolled-back|partial)"\}(?=\n)/y;

const chunkBytes = 1 << 20;

/**
 * Reads the heads of a file's lines, in one pass with a bounded buffer; lines of blanks alone are left out. Gives where
 * the last whole line ends.
 */
export async function readHeads(
  file: FileHandle,
  seen: (line: LineHead) => void,
): Promise<{ readonly end: number }> {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  let rest = '';
  let offset = 0;
  let nth = 0;
  let read = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, chunkBytes, read);
    if (bytesRead === 0) break;
    read += bytesRead;
    // A byte is a character here: what is looked for is ASCII.
    const text = rest + buffer.toString('latin1', 0, bytesRead);
    let start = 0;
    for (let stop = text.indexOf('\n', rest.length); stop !== -1; stop = text.indexOf('\n', start)) {
      nth++;
      const line = headOf(text, start, stop, offset, nth);
      if (line !== undefined) seen(line);
      offset += stop - start + 1;
      start = stop + 1;
    }
    rest = text.slice(start);
  }
  const end = offset;
  if (rest.trim() !== '') {
    const line = headOf(`${rest}\n`, 0, rest.length, offset, nth + 1);
    if (line !== undefined) seen(line);
  }
  return { end };
}

/** Undefined for a line of blanks. Called for each line of a long journal: what it makes is one object. */
function headOf(
  text: string,
  start: number,
  stop: number,
  offset: number,
  nth: number,
): LineHead | undefined {
  head.lastIndex = start;
  const matched = head.exec(text);
  const length = stop - start;
  const kind = matched === null ? undefined : (matched[1] ?? matched[3] ?? matched[4]);
  if (matched === null || kind === undefined) {
    if (matched === null && text.slice(start, stop).trim() === '') return undefined;
    return { offset, length, nth, kind: 'other', changeId: '', certain: false };
  }
  const changeId = matched[2] ?? '';
  let certain = text.codePointAt(stop - 1) === closingBrace;
  if (kind === 'end') {
    endTail.lastIndex = head.lastIndex;
    certain = endTail.test(text) && endTail.lastIndex === stop;
  }
  return { offset, length, nth, kind: kind as JournalRecord['record'], changeId, certain };
}

const closingBrace = 0x7d;
