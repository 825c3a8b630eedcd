import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  knownParts,
  knownNames as namesOf,
  rememberNames,
} from '../../../src/cli/completion/completion-names.js';
import { temporaryDirectory } from '../../helpers/elb-proxy.js';

/** As `knownNames`, of any place where none is given. */
const knownNames = (
  directory: string,
  { region, endpoint, now: at }: { region?: string; endpoint?: string; now: number },
) => namesOf(directory, { region, endpoint, now: at });

const now = Date.parse('2026-05-01T12:00:00Z');
const hour = 60 * 60 * 1000;

describe('the names that completion offers', () => {
  it('are those of the region and the endpoint', async () => {
    const directory = await temporaryDirectory();
    await rememberNames(
      directory,
      [
        { region: 'us-east-1', names: ['web', 'api'] },
        { region: 'eu-west-1', names: ['mail'] },
        { region: 'us-east-1', endpoint: 'http://127.0.0.1:4580', names: ['demo'] },
      ],
      { whole: true, now },
    );
    expect(await knownNames(directory, { region: 'us-east-1', now })).toEqual(['api', 'web']);
    expect(await knownNames(directory, { now })).toEqual(['api', 'mail', 'web']);
    const endpoint = 'http://127.0.0.1:4580';
    expect(await knownNames(directory, { region: 'us-east-1', endpoint, now })).toEqual(['demo']);
    expect(await knownNames(directory, { region: 'sa-east-1', now })).toEqual([]);
  });

  it('are forgotten after an hour, and ignored if from the future', async () => {
    const directory = await temporaryDirectory();
    await rememberNames(directory, [{ region: 'r', names: ['web'] }], { whole: true, now });
    expect(await knownNames(directory, { now: now + hour })).toEqual(['web']);
    expect(await knownNames(directory, { now: now + hour + 1 })).toEqual([]);
    expect(await knownNames(directory, { now: now - 1 })).toEqual([]);
  });

  it('are replaced by a whole list, and added to by some', async () => {
    const directory = await temporaryDirectory();
    const place = { region: 'r' };
    await rememberNames(directory, [{ ...place, names: ['a', 'b'] }], { whole: true, now });
    await rememberNames(directory, [{ ...place, names: ['c'] }], { whole: false, now });
    expect(await knownNames(directory, { now })).toEqual(['a', 'b', 'c']);
    await rememberNames(directory, [{ ...place, names: ['b'] }], { whole: true, now });
    expect(await knownNames(directory, { now })).toEqual(['b']);
    await rememberNames(directory, [{ ...place, names: [] }], { whole: true, now });
    expect(await knownNames(directory, { now })).toEqual([]);
  });

  it('hold nothing that a shell could take for more than a word, whatever the file says', async () => {
    const directory = await temporaryDirectory();
    const hostile = ['$(reboot)', '-x', 'a b', '`id`', 'a\nb', "a'b", '', 'x'.repeat(33)];
    await rememberNames(directory, [{ region: 'r', names: [...hostile, 'web'] }], { whole: true, now });
    expect(await knownNames(directory, { now })).toEqual(['web']);
    const file = join(directory, 'completion-names.json');
    const place = { region: 'r', at: now, names: [...hostile, 7, 'api'] };
    await writeFile(file, JSON.stringify({ places: [place, 'x', null, { region: 1 }] }));
    expect(await knownNames(directory, { now })).toEqual(['api']);
    await writeFile(file, '{ cut');
    expect(await knownNames(directory, { now })).toEqual([]);
  });

  it('are kept in a small file of the user', async () => {
    const directory = join(await temporaryDirectory(), 'state');
    const names = Array.from({ length: 5000 }, (_, index) => `load-balancer-${index}`);
    await rememberNames(directory, [{ region: 'r', names }], { whole: true, now });
    const file = join(directory, 'completion-names.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readFile(file, 'utf8')).length).toBeLessThan(40_000);
  });

  it('make the way to the default directory, but not to another', async () => {
    const home = await temporaryDirectory();
    const seen = [{ region: 'r', names: ['web'] }];
    for (const [directory, names] of [
      [join(home, '.local', 'state', 'elb-proxy'), ['web']],
      [join(home, 'typo', 'elb-proxy'), []],
    ] as const) {
      await rememberNames(directory, seen, { whole: true, now });
      expect(await knownNames(directory, { now })).toEqual(names);
    }
  });

  it("do not fail anything if they can't be written", async () => {
    const directory = join(await temporaryDirectory(), 'file');
    await writeFile(directory, '');
    await rememberNames(directory, [{ region: 'r', names: ['web'] }], { whole: true, now });
    expect(await knownNames(directory, { now })).toEqual([]);
  });

  it.runIf(existsSync('/proc/self'))(
    'are not waited for where the way to their directory can’t be made',
    async () => {
      const directory = join('/proc', '.local', 'state', 'elb-proxy');
      await rememberNames(directory, [{ region: 'r', names: ['web'] }], { whole: true, now });
      expect(await knownNames(directory, { now })).toEqual([]);
    },
  );
});

describe('the parts that completion offers', () => {
  const where = { region: undefined, endpoint: undefined, now };

  it('are those of the load balancers that are named, or of all; and go with them', async () => {
    const directory = await temporaryDirectory();
    const parts = { web: { ports: [9000, 8443] }, net: { groups: ['blue', 'green'] }, gone: { ports: [1] } };
    await rememberNames(directory, [{ region: 'r', names: ['web', 'net'], parts }], { whole: true, now });
    expect(await knownParts(directory, ['web'], where)).toMatchObject([{ ports: [9000, 8443] }]);
    expect(await knownParts(directory, [], where)).toHaveLength(2);
    expect(await knownParts(directory, ['gone'], where)).toEqual([]);
    await rememberNames(directory, [{ region: 'r', names: ['api'], parts: {} }], { whole: false, now });
    expect(await knownParts(directory, ['net'], where)).toMatchObject([{ groups: ['blue', 'green'] }]);
  });

  it('are numbers and names alone, even from a damaged file; an older file has none', async () => {
    const directory = await temporaryDirectory();
    const place = { region: 'r', at: now, names: ['web'] };
    const write = (places: readonly object[]) =>
      writeFile(join(directory, 'completion-names.json'), JSON.stringify({ formatVersion: 1, places }));
    await write([
      { ...place, parts: { web: { ports: ['$(id)', 80, null], groups: ['`id`', 'blue', 7] }, $x: {} } },
    ]);
    expect(await knownParts(directory, [], where)).toEqual([{ ports: [80], groups: ['blue'] }]);
    await write([place]);
    expect(await knownParts(directory, [], where)).toEqual([]);
  });
});
