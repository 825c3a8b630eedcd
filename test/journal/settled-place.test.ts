import {
  copyFile,
  mkdtemp,
  open,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/core/record.js';
import { openJournal } from '../../src/journal/journal.js';
import { byBudget } from '../helpers/budget.js';
import { fc } from '../helpers/fast-check.js';
import { base, id, linesOf, recordsOf } from './changes.js';

let directory: string;
let path: string;
let settled: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'elb-proxy-settled-'));
  path = join(directory, 'journal.jsonl');
  settled = join(directory, 'journal.settled.json');
});
const journal = () =>
  openJournal({ directory, holder: { pid: 42, host: 'here' }, look: () => ({ alive: false }) });
const ended = (changeId: string): JournalRecord => ({ ...base(changeId), record: 'end', outcome: 'applied' });

/** A journal of so many changes, which this version ended: the last of them with this very run. */
async function long(count: number): Promise<void> {
  const all = Array.from({ length: count }, (_, nth) => recordsOf(id(nth), nth < count - 1));
  await writeFile(path, linesOf(all.flat()), { mode: 0o600 });
  await journal().append(ended(id(count - 1)));
}
const keptPlace = async () => JSON.parse(await readFile(settled, 'utf8'));
/** Makes an old line one that can't be read, of the same length. */
async function damage(changeId: string): Promise<void> {
  const at = (await readFile(path, 'utf8')).indexOf(`"${changeId}"`);
  await using file = await open(path, 'r+');
  await file.write('!', at);
}
const warningsOf = async (part: 'unfinished' | 'newest' | 'recent' | 'all') =>
  (await journal().read(part)).warnings.length;

describe('settled changes', () => {
  it('are not looked through for what is newest, or not ended', async () => {
    await long(500);
    expect(await keptPlace()).toMatchObject({ nth: 4 * 400 + 1 });
    await damage(id(3));
    expect(await warningsOf('unfinished')).toBe(0);
    expect(await warningsOf('newest')).toBe(0);
    // Undo looks at all that the journal has.
    expect(await warningsOf('recent')).toBeGreaterThan(0);
    expect(await warningsOf('all')).toBeGreaterThan(0);
    await damage(id(450));
    expect(await warningsOf('newest')).toBeGreaterThan(0);
    expect((await journal().read('newest')).older).toBe(true);
  });

  it('are those before a change that ended late, has no end, or whose line can’t be read', async () => {
    const keptAfter = async (text: string) => {
      await writeFile(path, text, { mode: 0o600 });
      await rm(settled, { force: true });
      await journal().append(recordsOf('last')[0] as JournalRecord);
      await journal().append(ended('last'));
      return keptPlace().catch(() => undefined);
    };
    const changes = (from: number, to: number) =>
      linesOf(Array.from({ length: to - from }, (_, nth) => recordsOf(id(from + nth))).flat());
    const open10 = linesOf(recordsOf(id(10), false));
    const late = `${changes(0, 10)}${open10}${changes(11, 400)}${linesOf([ended(id(10))])}`;
    expect(await keptAfter(late)).toMatchObject({ nth: 41 });
    expect(await keptAfter(`${changes(0, 10)}${open10}${changes(11, 400)}`)).toMatchObject({ nth: 41 });
    expect(await keptAfter(`${changes(0, 10)}torn\n${changes(10, 400)}`)).toMatchObject({ nth: 37 });
    expect(await keptAfter(`torn\n${changes(0, 400)}`)).toBeUndefined();
  });

  it('are looked through where the journal is short, or none of this file is known', async () => {
    await long(120);
    await expect(keptPlace()).rejects.toThrow('ENOENT');
    await damage(id(3));
    expect(await warningsOf('unfinished')).toBeGreaterThan(0);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['is another file', () => copyFile(path, `${path}.copy`).then(() => rename(`${path}.copy`, path))],
    ['has become shorter', async () => truncate(path, (await keptPlace()).size - 1)],
    [
      'has other lines there',
      async () => {
        await using file = await open(path, 'r+');
        await file.write(' ', (await keptPlace()).offset - 1);
      },
    ],
    ['is known by no more than half a file', () => truncate(settled, 40)],
    ['is known by a number that is none', () => changeKept({ offset: -1 })],
    ['is known by a place far behind it', () => changeKept({ offset: 1e9, tail: '' })],
    [
      'is known by a link',
      () => rename(settled, `${settled}.there`).then(() => symlink(`${settled}.there`, settled)),
    ],
    ['is known by nothing', () => rm(settled)],
  ])('are looked through where the journal %s', async (_what, change) => {
    await long(500);
    await damage(id(3));
    expect(await warningsOf('unfinished')).toBe(0);
    await change();
    expect(await warningsOf('unfinished')).toBeGreaterThan(0);
  });

  it('are not claimed to be older ones where the oldest change of all has no end', async () => {
    const all = Array.from({ length: 400 }, (_, nth) => recordsOf(id(nth), nth > 0));
    await writeFile(path, linesOf(all.flat()), { mode: 0o600 });
    await journal().append(ended(id(399)));
    expect(await keptPlace()).toMatchObject({ offset: 0 });
    expect(await journal().read('newest')).toMatchObject({ older: false });
  });

  it('are looked through for a record that comes late', async () => {
    await long(500);
    const [, , written] = recordsOf(id(3));
    if (written !== undefined) await journal().append(written);
    expect(await journal().read('newest')).toMatchObject({ warnings: [], lost: [] });
    await damage(id(5));
    expect(await warningsOf('newest')).toBeGreaterThan(0);
  });

  it('are looked through again only when the journal has grown by a quarter of a megabyte', async () => {
    await long(500);
    const first = await keptPlace();
    const more = async (from: number, to: number) => {
      const all = Array.from({ length: to - from }, (_, nth) =>
        recordsOf(id(from + nth), from + nth < to - 1),
      );
      await writeFile(path, linesOf(all.flat()), { flag: 'a' });
      await journal().append(ended(id(to - 1)));
    };
    await more(500, 510);
    expect(await keptPlace()).toEqual(first);
    await more(510, 740);
    const { nth, size } = await keptPlace();
    expect(nth).toBeGreaterThan(first.nth);
    expect(size).toBeGreaterThanOrEqual(first.size + 256 * 1024);
  });

  it('settled changes and those that are not, in any order of lines, are the same with and without it', async () => {
    const line = fc.oneof(
      { weight: 60, arbitrary: fc.constant('whole' as const) },
      { weight: 2, arbitrary: fc.constant('open' as const) },
      { weight: 20, arbitrary: fc.constant('side by side' as const) },
      { weight: 1, arbitrary: fc.constant('torn' as const) },
    );
    const sizes = { minLength: 300, maxLength: 500 };
    let used = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, sizes),
        fc.array(line, { maxLength: 20 }),
        oneIn(4),
        async (before, after, orphaned) => {
          await rm(settled, { force: true });
          const orphan = orphaned ? linesOf(recordsOf('lost').slice(1)) : '';
          await writeFile(path, `${orphan}${textOf(before, 0)}`, { mode: 0o600 });
          await journal().append(recordsOf('last')[0] as JournalRecord);
          await journal().append(ended('last'));
          const kept = await keptPlace().catch(() => undefined);
          if (kept?.offset > 0) used++;
          await writeFile(path, textOf(after, before.length), { flag: 'a' });
          const parts = ['unfinished', 'newest'] as const;
          const within = await Promise.all(parts.map((part) => journal().read(part)));
          await rm(settled, { force: true });
          const without = await Promise.all(parts.map((part) => journal().read(part)));
          const seen = ({
            records,
            warnings,
            lost,
          }: Awaited<ReturnType<ReturnType<typeof journal>['read']>>) => ({
            records,
            warnings,
            lost,
          });
          expect(within.map(seen)).toEqual(without.map(seen));
        },
      ),
      { numRuns: byBudget(15, 500) },
    );
    expect(used).toBeGreaterThan(3);
  }, 900_000);
});

const oneIn = (count: number) => fc.integer({ min: 1, max: count }).map((nth) => nth === 1);

async function changeKept(change: object): Promise<void> {
  await writeFile(settled, JSON.stringify({ ...(await keptPlace()), ...change }));
}

/** The lines of changes: whole ones, some without an end, some whose records are between those of the next, and torn ones. */
function textOf(kinds: readonly ('whole' | 'open' | 'side by side' | 'torn')[], from: number): string {
  const lines: string[] = [];
  let late: readonly JournalRecord[] = [];
  for (const [nth, kind] of kinds.entries()) {
    const records = recordsOf(id(from + nth), kind !== 'open');
    if (kind === 'torn') lines.push(`${linesOf(records).slice(0, 60)}\n`);
    else if (kind === 'side by side') {
      lines.push(linesOf(records.slice(0, 2)), linesOf(late));
      late = records.slice(2);
    } else {
      lines.push(linesOf(records));
    }
  }
  return `${lines.join('')}${linesOf(late)}`;
}
