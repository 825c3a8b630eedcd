import { AsyncLocalStorage } from 'node:async_hooks';
import files, { copyFile, mkdir, mkdtemp, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { foldHistory } from '../../src/core/history.js';
import { openJournal } from '../../src/journal/journal.js';
import { journalNames } from '../../src/journal/names.js';
import { putAside, putBack } from '../../src/journal/put-aside.js';
import { id, linesOf, recordsOf } from './changes.js';

/** A run that is stopped before one of its calls that look at names or change them, until it may go on. */
interface Run {
  calls: number;
  readonly stopsAt: number;
  readonly stop: () => Promise<void>;
}
const here = new AsyncLocalStorage<Run>();

const { link, rename, rm, lstat } = files;
const own = { link, rename, rm, lstat };
const gated =
  (name: keyof typeof own) =>
  async (path: string, ...more: never[]) => {
    const run = here.getStore();
    // The claim expires in any case.
    if (run !== undefined && !path.endsWith('.claim') && run.calls++ === run.stopsAt) await run.stop();
    return (own[name] as (path: string, ...more: never[]) => Promise<unknown>)(path, ...more);
  };
const callBy = (calls: object) => {
  Object.assign(files, calls);
  syncBuiltinESMExports();
};
beforeAll(() =>
  callBy({ link: gated('link'), rename: gated('rename'), rm: gated('rm'), lstat: gated('lstat') }),
);
afterAll(() => callBy(own));

/** Begins a run, and waits until it is stopped before its nth call, or has ended. */
async function begin(stopsAt: number, work: () => Promise<void>) {
  let goOn = (): void => undefined;
  const goesOn = new Promise<void>((resolve) => (goOn = resolve));
  let run: Run | undefined;
  let ended: Promise<void> | undefined;
  await new Promise<void>((resolve) => {
    run = {
      calls: 0,
      stopsAt,
      stop: () => {
        resolve();
        return goesOn;
      },
    };
    ended = here.run(run, () => work().catch(() => undefined)).then(resolve);
  });
  return {
    /** Lets it go on; true if it had ended before it was to be stopped. */
    end: async () => {
      goOn();
      await ended;
      return (run?.calls ?? 0) <= stopsAt;
    },
  };
}

it.each([
  ['', false],
  [', while a run that appends takes over', true],
])(
  'two runs that put changes aside at the same time, each stopped anywhere%s, lose none',
  async (_what, impatient) => {
    const base = await mkdtemp(join(tmpdir(), 'elb-proxy-aside-'));
    const whole = join(base, 'whole.jsonl');
    const lines = Array.from({ length: 1200 }, (_, nth) => linesOf(recordsOf(id(nth), nth !== 1100)));
    await writeFile(whole, lines.join(''), { mode: 0o600 });
    const recorded = new Set(lines.join('').split('\n'));
    // There is nothing to put back until the journal has been renamed.
    let first = impatient ? 3 : 0;
    for (let last = false; !last; first++)
      for (let second = 0, over = false; !over; second++) {
        const directory = join(base, `${first}-${second}`);
        const names = journalNames(directory);
        await mkdir(directory);
        await copyFile(whole, names.journal);
        const one = await begin(first, () => putAside(names, new Date()));
        await utimes(names.claim, 0, 0).catch(() => undefined);
        if (impatient) await putBack(names);
        const other = await begin(second, () => putAside(names, new Date()));
        last = await one.end();
        over = await other.end();
        const where = `${first}, ${second}: ${(await readdir(directory)).join(' ')}`;
        const journal = openJournal({
          directory,
          holder: { pid: 42, host: 'here' },
          look: () => ({ alive: false }),
        });
        const unfinished = foldHistory((await journal.read('unfinished')).records);
        expect(
          unfinished.map(({ changeId }) => changeId),
          where,
        ).toContain(id(1100));
        const kept = (await readdir(directory)).filter((name) => name.endsWith('.jsonl'));
        const texts = await Promise.all(kept.map((name) => readFile(join(directory, name), 'utf8')));
        const records = texts.flatMap((text) => text.split('\n'));
        expect(new Set(records), where).toEqual(recorded);
        await rm(directory, { recursive: true });
      }
    // Each was really stopped: a run makes several of these calls.
    expect(first).toBeGreaterThan(5);
  },
);
