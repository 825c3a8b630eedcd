import { mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LockTarget } from '../../src/app/ports.js';
import { makeDirectory } from '../../src/journal/make-directory.js';
import { openMachineLocks } from '../../src/lock/machine-locks.js';
import { temporaryDirectory } from '../helpers/elb-proxy.js';

const web: LockTarget = { name: 'web', region: 'us-east-1' };

/** What the clock that is never set says, in milliseconds. */
let elapsed = 0;

function locks(directory: string, pid = 1000, alive: readonly number[] = [1000, 1001], host = 'here') {
  return openMachineLocks({
    directory,
    holder: { pid, host },
    look: (other) => ({ alive: alive.includes(other) }),
    elapsed: () => elapsed,
    now: () => new Date('2026-11-23T10:00:00Z'),
    makeDirectory,
    onLost: () => undefined,
  });
}

async function taken(directory: string, target = web, pid = 1000) {
  const attempt = await locks(directory, pid).lock(target).attempt();
  if (attempt.kind !== 'taken') throw new Error('someone else has it');
  return attempt;
}

/** Makes the lock look as if there had been no sign of life for so long. */
async function age(directory: string, seconds: number): Promise<void> {
  const then = Date.now() / 1000 - seconds;
  const names = await readdir(join(directory, 'locks'));
  for (const name of names.filter((one) => one.endsWith('.lock')))
    await utimes(join(directory, 'locks', name), then, then);
}

describe('a lock of this machine', () => {
  it('is never put where a link leads: that is an error before anything is changed', async () => {
    const directory = await temporaryDirectory();
    const elsewhere = await temporaryDirectory();
    await symlink(elsewhere, join(directory, 'locks'));
    await expect(locks(directory).lock(web).attempt()).rejects.toMatchObject({
      code: 'journal',
      message: expect.stringContaining('it is a symbolic link, which is not followed'),
    });
    expect(await readdir(elsewhere)).toEqual([]);
  });

  it('has one holder, says who it is, and can be taken again once it is released', async () => {
    const directory = await temporaryDirectory();
    const first = await taken(directory);
    expect(await locks(directory, 1001).lock(web).attempt()).toMatchObject({
      kind: 'held',
      holder: { pid: 1000, host: 'here', since: '2026-11-23T10:00:00.000Z' },
    });
    await first.release();
    expect(await readdir(join(directory, 'locks'))).toEqual([]);
    await (await taken(directory, web, 1001)).release();
  });

  it('is one for each region and load balancer, in any letter case, whatever the name holds', async () => {
    const directory = await temporaryDirectory();
    const targets = [web, { ...web, region: 'eu-west-1' }, { ...web, name: '../../../etc/passwd' }];
    const held = await Promise.all(targets.map((target) => taken(directory, target)));
    expect(
      (
        await locks(directory)
          .lock({ ...web, name: 'WEB' })
          .attempt()
      ).kind,
    ).toBe('held');
    expect((await readdir(directory)).toSorted()).toEqual(['locks']);
    await Promise.all(held.map(({ release }) => release()));
  });

  it('is broken at once if its process is gone, and not if its process lives', async () => {
    const directory = await temporaryDirectory();
    const { release } = await taken(directory);
    const living = locks(directory, 1001).lock(web);
    await living.attempt();
    expect((await living.attempt()).kind).toBe('held');
    const widow = locks(directory, 1001, [1001]).lock(web);
    expect(await widow.attempt()).toMatchObject({ kind: 'held', holder: { pid: 1000 } });
    const next = await widow.attempt();
    expect(next.kind).toBe('taken');
    if (next.kind === 'taken') await next.release();
    await release();
  });

  it('is broken after 10 seconds of watching without a sign of life, whichever run holds it', async () => {
    const directory = await temporaryDirectory();
    const { release } = await taken(directory);
    const other = locks(directory, 1001).lock(web);
    // Nothing writes to it any more.
    await age(directory, 0);
    await other.attempt();
    elapsed += 9000;
    await other.attempt();
    expect((await other.attempt()).kind).toBe('held');
    elapsed += 2000;
    await other.attempt();
    const next = await other.attempt();
    expect(next.kind).toBe('taken');
    if (next.kind === 'taken') await next.release();
    await release();
  });

  it.each([30, -30, 3600])(
    'that gives signs of life is not broken by a host whose clock is %i s ahead',
    async (ahead) => {
      const directory = await temporaryDirectory();
      const { release } = await taken(directory);
      const other = locks(directory, 1001, [], 'there').lock(web);
      for (let sign = 0; sign < 10; sign++) {
        await age(directory, ahead - 2 * sign);
        elapsed += 2000;
        expect((await other.attempt()).kind).toBe('held');
      }
      await release();
    },
  );

  it("is not broken for lack of a process of its number here if it is another host's", async () => {
    const directory = await temporaryDirectory();
    const { release } = await taken(directory);
    const other = locks(directory, 1001, [], 'there').lock(web);
    await other.attempt();
    expect((await other.attempt()).kind).toBe('held');
    await release();
  });

  it('is taken by one of ten that find it dead at once', async () => {
    const directory = await temporaryDirectory();
    const { release } = await taken(directory);
    const all = Array.from({ length: 10 }, (_, index) => locks(directory, 2000 + index, [2000]).lock(web));
    const won: (() => Promise<void>)[] = [];
    for (let round = 0; round < 20; round++) {
      const attempts = await Promise.all(all.map(({ attempt }) => attempt()));
      for (const attempt of attempts) if (attempt.kind === 'taken') won.push(attempt.release);
      if (won.length > 0) break;
    }
    expect(won).toHaveLength(1);
    await won[0]?.();
    await release();
  });

  it("is not taken for its predecessor's: a dead holder's signature says nothing about the next one", async () => {
    const directory = await temporaryDirectory();
    const first = await taken(directory);
    const names = await readdir(join(directory, 'locks'));
    const signature = join(directory, 'locks', names.find((name) => name.endsWith('.json')) ?? '');
    const text = await readFile(signature, 'utf8');
    await first.release();
    const second = await taken(directory, web, 1001);
    // As if the second had not come to write its own yet.
    await writeFile(signature, text.replace(/"lock":"[^"]*"/, '"lock":"another"'));
    const third = locks(directory, 1002, [1001, 1002]).lock(web);
    expect(await third.attempt()).toEqual({ kind: 'held', holder: undefined });
    expect((await third.attempt()).kind).toBe('held');
    await second.release();
  });

  it("fails with an error that says so if its directory can't be written", async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'file'), '');
    await expect(locks(join(directory, 'file')).lock(web).attempt()).rejects.toMatchObject({
      code: 'journal',
      fault: 'user',
      hint: expect.stringContaining('ELB_PROXY_STATE_DIR'),
    });
    await mkdir(join(directory, 'locks'));
  });
});
