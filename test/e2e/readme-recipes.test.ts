import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { commandsOf, textsOf } from '../readme/blocks.js';
import { readPage, walkThroughPath } from '../readme/pages.js';
import { recipe } from '../readme/recipe.js';
import { shellSession } from '../readme/shell-session.js';

/** A workflow of GitHub Actions, as far as the README's has it. */
interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}
type Step =
  | { readonly run: string }
  | { readonly uses: string; readonly with?: Readonly<Record<string, string>> };

/** The walk-through's first block: the command, a backend, and a shell in front of the demo's load balancers. */
function beginning(): readonly string[] {
  const blocks = textsOf(readPage(walkThroughPath), 'sh');
  const block = blocks.find((text) => text.includes('-- bash'));
  if (block === undefined) throw new Error('no walk-through');
  return commandsOf(block).filter((command) => command !== 'npm ci');
}

it('the workflow makes a plan, shows it, and applies it', async () => {
  const { jobs }: Workflow = parse(recipe('yaml'));
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  for (const step of steps) {
    if (!('run' in step)) expect(step.uses).toMatch(/^(actions|aws-actions)\/[\w-]+@v\d+$/);
  }
  const tarballs = await temporaryDirectory();
  const { stdout } = await promisify(execFile)('npm', [
    'pack',
    '--ignore-scripts',
    '--silent',
    '--pack-destination',
    tarballs,
  ]);
  const commands = steps.flatMap((step) => ('run' in step ? [step.run] : []));
  const said = await shellSession(
    [...beginning(), ...commands, 'cat summary.md', 'elb-proxy status web --expect enabled --port 9000'],
    {
      env: { ELB_PROXY_TARBALL: join(tarballs, stdout.trim()), GITHUB_STEP_SUMMARY: 'summary.md' },
      files: { 'summary.md': '' },
    },
  );
  expect(said.filter(({ code }) => code !== 0)).toEqual([]);
  expect(commands.length).toBeGreaterThan(3);
  const summary = said.at(-2)?.output;
  expect(summary).toContain('elb-proxy apply plan.json');
  expect(summary).toContain('Applied');
}, 300_000);

it('the line for cron is silent while the port is on, and says so when it is not', async () => {
  const [mailTo, line = '', ...more] = recipe('crontab').trimEnd().split('\n');
  expect([mailTo, more]).toEqual([expect.stringMatching(/^MAILTO=\S+$/), []]);
  const [, command = ''] = /^(?:[\d*/,-]+ +){5}([^%]+)$/.exec(line) ?? [];
  expect(command).toMatch(/^elb-proxy status /);
  const said = await shellSession([
    ...beginning(),
    command,
    'elb-proxy enable web --port 9000 --yes',
    command,
  ]);
  const [off, , on] = said.slice(-3);
  expect(off).toMatchObject({
    code: 4,
    output: expect.stringContaining('expected enabled: web instance port 9000 is disabled'),
  });
  expect(on).toMatchObject({ code: 0, output: '' });
}, 300_000);
