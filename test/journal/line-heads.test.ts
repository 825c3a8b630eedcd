import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type LineHead, readHeads } from '../../src/journal/line-heads.js';
import { isRecord } from '../../src/journal/record-check.js';
import { temporaryDirectory } from '../helpers/elb-proxy.js';

/** The heads of a journal with some text in it, and where its last whole line ends. */
async function headsOf(text: string): Promise<{ readonly heads: readonly LineHead[]; readonly end: number }> {
  const path = join(await temporaryDirectory(), 'journal.jsonl');
  await writeFile(path, text, 'latin1');
  await using file = await open(path);
  const heads: LineHead[] = [];
  const { end } = await readHeads(file, (line) => {
    heads.push(line);
    return undefined;
  });
  return { heads, end };
}

const ended = (at: string) => ({ formatVersion: 1, changeId: 'a', at, record: 'end', outcome: 'applied' });

it('a line of any day is known by its head, but of 29 February; one of a day that there is not is looked at whole', async () => {
  const days = Array.from({ length: 12 }, (_, month) =>
    Array.from(
      { length: 31 },
      (__, day) => `${month + 1}`.padStart(2, '0') + `-${day + 1}`.replace(/-(?=\d$)/, '-0'),
    ),
  ).flat();
  const records = days.map((day) => ended(`2028-${day}T10:00:00.000Z`));
  const { heads } = await headsOf(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  expect(heads).toHaveLength(records.length);
  const unsure = days.filter((_, index) => heads[index]?.certain !== true);
  const wrong = days.filter((_, index) => !isRecord(records[index]));
  expect(wrong).toHaveLength(6);
  expect(unsure.toSorted()).toEqual([...wrong, '02-29'].toSorted());
});

it('lines longer than the buffer, lines of blanks and a last line without its end are found where they are', async () => {
  const long = JSON.stringify({ ...ended('2026-11-23T10:00:00Z'), more: 'x'.repeat(3_000_000) });
  const short = JSON.stringify(ended('2026-11-23T10:00:00Z'));
  const { heads, end } = await headsOf(`${short}\n${long}\n \n${short}\n${short}`);
  expect(heads.map(({ nth, offset, length, certain }) => [nth, offset, length, certain])).toEqual([
    [1, 0, short.length, true],
    [2, short.length + 1, long.length, false],
    [4, short.length + long.length + 4, short.length, true],
    [5, 2 * short.length + long.length + 5, short.length, true],
  ]);
  expect(end).toBe(2 * short.length + long.length + 5);
});
