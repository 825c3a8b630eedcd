import { execFile } from 'node:child_process';
import { readFile, rm, symlink } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { budget } from '../helpers/budget.js';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { freshClone } from '../helpers/fresh-clone.js';
import { pack } from '../helpers/pack.js';
import { blocksOf } from '../readme/blocks.js';
import { readmePath, readPage, walkThroughPath } from '../readme/pages.js';
import { shellSession } from '../readme/shell-session.js';
import { asWritten, checkPages, typedOf, typePages } from '../readme/type-pages.js';

/** A clone in which someone has typed `npm ci`, which builds it; by a small budget it has this checkout's packages instead. */
let clone: string;
let begun: number;

beforeAll(async () => {
  clone = await freshClone();
  begun = Date.now();
  const run = promisify(execFile);
  if (budget === 'full')
    await run('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: clone });
  else {
    await symlink(resolve('node_modules'), join(clone, 'node_modules'));
    await run('npm', ['run', '-s', 'postprepare'], { cwd: clone });
  }
}, 300_000);

afterAll(() => rm(clone, { recursive: true, force: true }));

/** What the README calls "your own account": the demo's load balancers, with backends behind them. */
function ownAccount(): readonly string[] {
  const [block = ''] = blocksOf(readPage(walkThroughPath)).map(({ text }) => text);
  return typedOf('sh', block).filter((command) => !command.startsWith('npm '));
}

// First: the walk builds once more.
it('is packed to the same bytes as this checkout', async () => {
  const [here, there] = [await temporaryDirectory(), await temporaryDirectory()];
  const [ours, theirs] = await Promise.all([pack(here), pack(there, clone)]);
  const [one, other] = await Promise.all([ours, theirs].map(({ tarball }) => readFile(tarball)));
  // Which file it is, where one differs.
  for (const path of one?.equals(other ?? Buffer.of()) === true ? [] : ours.paths) {
    const texts = await Promise.all(['.', clone].map((folder) => readFile(join(folder, path), 'utf8')));
    expect(texts[1] === texts[0], path).toBe(true);
  }
  expect(other?.equals(one ?? Buffer.of())).toBe(true);
  for (const folder of [here, there]) await rm(folder, { recursive: true, force: true });
});

it.skipIf(!asWritten)(
  'is walked through along the README, from top to bottom, in less than five minutes, and prints what it shows',
  async () => {
    const pages = await typePages([readmePath], async (commands) => {
      // Installed and tried; from here on it is about the reader's account.
      const at = commands.findIndex((command) => command === 'elb-proxy status');
      expect(at).toBeGreaterThan(0);
      const before = ownAccount();
      const said = await shellSession([...commands.slice(0, at), ...before, ...commands.slice(at)], {
        folder: clone,
      });
      return said.toSpliced(at, before.length);
    });
    // Five minutes of a machine that does nothing else.
    const shared = Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
    expect(Date.now() - begun).toBeLessThan(shared * 300_000);
    await checkPages(pages);
    expect(pages[0]?.said.length).toBeGreaterThan(12);
  },
  900_000,
);
