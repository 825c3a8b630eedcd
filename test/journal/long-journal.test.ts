import { appendFileSync, existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { foldHistory } from '../../src/core/history.js';
import type { JournalRecord } from '../../src/core/record.js';
import { openJournal } from '../../src/journal/journal.js';
import { journalNames } from '../../src/journal/names.js';
import { putAside } from '../../src/journal/put-aside.js';
import { base, id, linesOf, recordsOf } from './changes.js';

let directory: string;
let path: string;
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'elb-proxy-long-')), 'state');
  path = join(directory, 'journal.jsonl');
  await mkdir(directory);
});
const open = () =>
  openJournal({ directory, holder: { pid: 42, host: 'here' }, look: () => ({ alive: false }) });

/** A journal of so many ended changes, and of some that have no end. */
async function long(count: number, openOnes: readonly number[] = []): Promise<void> {
  const all = Array.from({ length: count }, (_, nth) => linesOf(recordsOf(id(nth), !openOnes.includes(nth))));
  await writeFile(path, all.join(''), { mode: 0o600 });
}
const idsOf = async (part?: Parameters<ReturnType<typeof open>['read']>[0]) =>
  foldHistory((await open().read(part)).records).map(({ changeId }) => changeId);
const aside = () => readdirSync(directory).filter((name) => /^journal-\d{4}-\d\d-\d\d.*\.jsonl$/.test(name));

describe('what is read of a long journal', () => {
  it('nothing of a long journal is read to know whether a change was cut off if all have ended', async () => {
    await long(300);
    expect(await open().read('unfinished')).toMatchObject({ records: [], warnings: [] });
  });

  it('begins at the oldest change without an end', async () => {
    await long(300, [280, 290]);
    expect(await idsOf('unfinished')).toEqual(Array.from({ length: 20 }, (_, nth) => id(280 + nth)));
  });

  it('are the newest hundred changes, further back where one has no end', async () => {
    await long(300);
    expect(await idsOf('newest')).toEqual(Array.from({ length: 100 }, (_, nth) => id(200 + nth)));
    expect((await open().read('newest')).older).toBe(true);
    await long(300, [150]);
    expect((await idsOf('newest'))[0]).toBe(id(150));
    await long(99);
    expect((await open().read('newest')).older).toBe(false);
    expect(await idsOf('newest')).toHaveLength(99);
  });

  it('ignores an end that is torn, of another version, or part of a name', async () => {
    const [begin] = recordsOf('c');
    const end = JSON.stringify({ ...base('c'), record: 'end', outcome: 'applied' });
    const hostile = JSON.stringify(begin).replace(
      '"p"',
      JSON.stringify('","record":"end","outcome":"applied"}'),
    );
    for (const line of [
      end.slice(0, -1),
      end.slice(0, -12),
      end.replace('"formatVersion":1', '"formatVersion":2'),
      end.replace('applied', 'great'),
      end.replace('"at":"2026-11-23', '"at":"2026-02-30'),
      hostile,
    ]) {
      await writeFile(path, `${JSON.stringify(begin)}\n${line}\n`);
      expect(await idsOf('unfinished'), line).toEqual(['c']);
    }
    for (const keys of [
      end,
      `${end.slice(0, -1)},"more":1}`,
      `{"outcome":"applied",${end.slice(1).replace(',"outcome":"applied"', '')}`,
    ]) {
      await writeFile(path, `${JSON.stringify(begin)}\n${keys}\n`);
      expect(await idsOf('unfinished'), keys).toEqual([]);
    }
  });

  it('is the same at any size of a line, across the pieces in which the file is read', async () => {
    const lines = Array.from(
      { length: 40 },
      (_, nth) => `${' '.repeat(nth * 3001)}\n${linesOf(recordsOf(id(nth), nth !== 39))}`,
    );
    await writeFile(path, `${'x'.repeat(1_048_570)}\n${lines.join('')}`);
    expect(await idsOf('unfinished')).toEqual([id(39)]);
    expect(await idsOf()).toHaveLength(40);
  });

  it('names what may be a change and can’t be read, and the newest change before it', async () => {
    const lines = linesOf(recordsOf('b')).split('\n');
    await writeFile(path, `${linesOf(recordsOf('a'))}${lines.slice(1).join('\n')}garbage\n`);
    const { lost, warnings } = await open().read('newest');
    expect(lost).toMatchObject([
      { what: expect.stringContaining('line 8'), after: 'a' },
      { what: expect.stringContaining('change b'), after: 'a' },
    ]);
    expect(warnings).toHaveLength(2);
  });

  it('takes half a beginning for that of a run that never came to write, and no longer where records follow it', async () => {
    const [begin = '', ...more] = linesOf(recordsOf('b')).split('\n');
    for (const cut of [1, 10, 30, 80, 300, begin.length - 1]) {
      const torn = `${linesOf(recordsOf('a'))}${begin.slice(0, cut)}\n`;
      await writeFile(path, torn);
      expect(await open().read('newest'), `${cut}`).toMatchObject({ lost: [], warnings: { length: 1 } });
      await writeFile(path, `${torn}${more.join('\n')}`);
      expect((await open().read('newest')).lost, `${cut}`).toMatchObject([{ after: 'a' }]);
    }
  });

  it('lays half a record to the change whose it is', async () => {
    const [begin, write] = recordsOf('a');
    await writeFile(path, `${JSON.stringify(begin)}\n${JSON.stringify(write).slice(0, -20)}\n`);
    expect(await open().read('newest')).toMatchObject({
      lost: [],
      warnings: [expect.stringContaining('line 2')],
    });
  });
});

describe('settled changes beyond the newest thousand', () => {
  it('move to a file of the day when a change ends, and everything is there still', async () => {
    await long(1500, [3, 700]);
    await open().append(recordsOf('last')[0] as JournalRecord);
    await open().append(recordsOf('last')[3] as JournalRecord);
    expect(aside()).toHaveLength(1);
    expect(statSync(join(directory, aside()[0] ?? '')).mode & 0o777).toBe(0o600);
    const kept = foldHistory((await open().read('recent')).records).map(({ changeId }) => changeId);
    expect(kept).toEqual(
      [
        id(3),
        id(700),
        ...Array.from({ length: 1000 }, (_, nth) => id(500 + nth)).filter((one) => one !== id(700)),
        'last',
      ].toSorted(),
    );
    expect(await idsOf()).toHaveLength(1501);
    expect(new Set(await idsOf()).size).toBe(1501);
    expect(readdirSync(directory).toSorted()).toEqual(
      [...aside(), 'journal.jsonl', 'journal.settled.json'].toSorted(),
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('stay where there are but a few more', async () => {
    await long(1050);
    await open().append(recordsOf('last')[0] as JournalRecord);
    await open().append(recordsOf('last')[3] as JournalRecord);
    expect(aside()).toEqual([]);
  });

  it('take a change without an end along that was completed since', async () => {
    const again = recordsOf(id(3)).map((record) => ({ ...record, changeId: 'again' }));
    await long(1500, [3]);
    appendFileSync(path, linesOf(again));
    await putAside(journalNames(directory), new Date());
    expect(await idsOf('unfinished')).toEqual([]);
    expect(readFileSync(join(directory, aside()[0] ?? ''), 'utf8')).toContain(`"${id(3)}"`);
  });

  it('are found again wherever a run died that put them aside', async () => {
    await long(1500, [1400]);
    const whole = await readFile(path, 'utf8');
    await putAside(journalNames(directory), new Date());
    const [day = ''] = aside();
    const archive = await readFile(join(directory, day), 'utf8');
    const rest = await readFile(path, 'utf8');
    const { moved } = journalNames(directory);
    const states: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
      ['the file of the day is half written', { [day]: archive.slice(0, 100_003), 'journal.jsonl': whole }],
      ['the file of the day is written', { [day]: archive, 'journal.jsonl': whole }],
      [
        'what stays is half written',
        { [day]: archive, 'journal.jsonl': whole, 'journal.0a.new': rest.slice(0, 999) },
      ],
      [
        'the journal has its other name',
        { [day]: archive, 'journal.moved.jsonl': whole, 'journal.0a.new': rest },
      ],
      ['the new journal is linked', { [day]: archive, 'journal.moved.jsonl': whole, 'journal.jsonl': rest }],
    ];
    for (const [what, files] of states) {
      for (const name of readdirSync(directory))
        renameSync(join(directory, name), join(directory, '..', 'old'));
      for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
      expect(await idsOf('unfinished'), what).toContain(id(1400));
      // The next runs go on from there.
      for (const record of recordsOf('next')) await open().append(record);
      expect(existsSync(moved) && !existsSync(path), what).toBe(false);
      const all = foldHistory((await open().read()).records);
      expect(new Set(all.map(({ changeId }) => changeId)).size, what).toBe(1501);
      expect(
        all.filter(({ outcome }) => outcome === 'open').map(({ changeId }) => changeId),
        what,
      ).toEqual([id(1400)]);
    }
  });

  it('are not missed by who reads all while they move', async () => {
    // It takes longer to read what was put aside before than to put more aside.
    const old = Array.from({ length: 12_000 }, (_, nth) => linesOf(recordsOf(`old${nth}`)));
    await writeFile(join(directory, 'journal-2026-01-02.jsonl'), old.join(''), { mode: 0o600 });
    await long(1500);
    const reading = idsOf();
    await putAside(journalNames(directory), new Date());
    expect(aside()).toHaveLength(2);
    expect(new Set(await reading).size).toBe(13_500);
  });

  it('move while others append, and no record is lost', async () => {
    await long(1500);
    const names = journalNames(directory);
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let nth = 0; nth < 10; nth++)
        for (const record of recordsOf(`w${writer}-${nth}`)) await open().append(record);
    });
    await Promise.all([...writers, ...[1, 2].map(() => putAside(names, new Date()).catch(() => undefined))]);
    const all = foldHistory((await open().read()).records);
    expect(all.filter(({ outcome }) => outcome !== 'applied')).toEqual([]);
    expect(all.every(({ steps }) => steps[0]?.[0] === 'done')).toBe(true);
    expect(new Set(all.map(({ changeId }) => changeId)).size).toBe(1580);
    expect((await open().read('newest')).warnings).toEqual([]);
  });
});
