import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import packageJson from '../../package.json' with { type: 'json' };
import { recipe } from '../readme/recipe.js';
import { readWorkflow, type Workflow } from './workflow.js';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(`${checkout}/${path}`, 'utf8');
const files = readdirSync(`${checkout}/.github/workflows`);
const workflows = files.map((file) => [file, readWorkflow(read(`.github/workflows/${file}`))] as const);
const named = (file: string): Workflow => {
  const [, found] = workflows.find(([name]) => name === file) ?? [];
  if (found === undefined) throw new Error(`no workflow ${file}`);
  return found;
};
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps);
const commandsOf = (workflow: Workflow) =>
  stepsOf(workflow).flatMap((step) => ('run' in step ? [step.run] : []));

describe('the workflows', () => {
  it('are those for every change and for releases', () => {
    expect(files.toSorted()).toEqual(['ci.yml', 'release.yml']);
  });

  describe.each(workflows)('%s', (_file, workflow) => {
    it('may only read, and every job ends in time', () => {
      expect(workflow.permissions).toEqual({ contents: 'read' });
      for (const job of Object.values(workflow.jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0);
    });

    it('leaves no token in the checkout, where what it runs could read it', () => {
      for (const step of stepsOf(workflow))
        if ('uses' in step && step.uses.startsWith('actions/checkout@'))
          expect(step.with).toEqual({ 'persist-credentials': false });
    });

    it('has shell commands that parse, and scripts and files that exist', () => {
      for (const command of commandsOf(workflow)) {
        execFileSync('bash', ['-n', '-c', command]);
        const [script] = /(?<=^npm run )[\w:]+$/m.exec(command) ?? [];
        if (script !== undefined) expect(packageJson.scripts).toHaveProperty(script);
        if (command.startsWith('.ci/run')) expect(statSync(`${checkout}/.ci/run`).mode & 0o111).not.toBe(0);
      }
    });
  });

  it('of a change tests every line of Node.js that the package says it runs on, and the oldest is .nvmrc’s', () => {
    const { test: job, lint, 'full-budget': full } = named('ci.yml').jobs;
    const tested = job?.strategy?.matrix['node'] ?? [];
    const engines = [...packageJson.engines.node.matchAll(/[\^>=]+(\d+)/g)].map(([, major]) => Number(major));
    expect(tested).toEqual([20, 22, 24]);
    expect(tested.slice(0, 2)).toEqual(engines.slice(0, 2));
    expect(Number(tested.at(-1))).toBeGreaterThanOrEqual(engines.at(-1) ?? Number.NaN);
    expect(Number(read('.nvmrc'))).toBe(tested[0]);
    expect(lint?.steps.at(-1)).toEqual({ run: 'npm run lint' });
    expect(job?.steps.at(-1)).toEqual({ run: '.ci/run' });
    expect(full?.steps.at(-1)).toEqual({ run: '.ci/run', env: { ELB_PROXY_TEST_BUDGET: 'full' } });
    expect(packageJson.scripts['test:full']).toContain('ELB_PROXY_TEST_BUDGET=full');
    expect(named('ci.yml').on).toMatchObject({ schedule: [{ cron: expect.any(String) }] });
  });

  it('of a release gives the right to write to nothing but the job that runs none of the repository’s code', () => {
    const { jobs } = named('release.yml');
    const writers = Object.entries(jobs).filter(([, { permissions }]) => permissions !== undefined);
    expect(writers.map(([name]) => name)).toEqual(['publish']);
    const [, publish] = writers[0] ?? [];
    expect(publish).toMatchObject({ needs: 'pack', environment: 'release' });
    expect(publish?.steps.map((step) => ('uses' in step ? step.uses : step.run))).toEqual([
      'actions/download-artifact@v4',
      'sha256sum --check SHA256SUMS',
      'actions/attest-build-provenance@v2',
      'actions/attest-sbom@v2',
      expect.stringMatching(/^gh release create "\$GITHUB_REF_NAME" release\/\* /),
    ]);
  });

  it('of the README is held to the same rules', async () => {
    expect(Object.keys(readWorkflow(recipe('yaml')).jobs)).toEqual(['plan', 'apply']);
  });
});

describe('the check of a workflow', () => {
  const right = read('.github/workflows/release.yml');

  it.each([
    ['a key twice', right.replace('jobs:', 'name: again\njobs:'), /unique/],
    ['a key that GitHub does not know', right.replace('needs: pack', 'need: pack'), /need/],
    ['a job that is not there', right.replace('needs: pack', 'needs: build'), /needs build/],
    ['an input that an action does not have', right.replace('sbom-path:', 'sbom:'), /no input sbom/],
    ['an input that is missing', right.replace(/ +sbom-path:.*\n/, ''), /needs the input sbom-path/],
    ['another version of an action', right.replace('checkout@v4', 'checkout@main'), /not an action/],
    ['an expression in a shell', right.replace('run: .ci/run', 'run: echo ${{ github.ref }}'), /shell/],
    ['an expression of what is not there', right.replace('github.token', 'secrets.NPM'), /secrets\.NPM/],
    ['a right that nothing here needs', right.replace('attestations:', 'packages:'), /packages/],
  ])('refuses %s', (_what, text, why) => {
    expect(text).not.toBe(right);
    expect(() => readWorkflow(text)).toThrow(why);
  });
});

it('dependabot looks after packages and actions', () => {
  const { version, updates } = parse(read('.github/dependabot.yml'));
  expect(version).toBe(2);
  expect(updates).toEqual(
    ['npm', 'github-actions'].map((ecosystem) =>
      expect.objectContaining({
        'package-ecosystem': ecosystem,
        directory: '/',
        schedule: { interval: 'weekly' },
      }),
    ),
  );
});

describe.each(['bug_report', 'feature_request'])('the form %s', (name) => {
  const form = parse(read(`.github/ISSUE_TEMPLATE/${name}.yml`));

  it('has fields that GitHub shows, each with an id of its own and a label', () => {
    expect(Object.keys(form)).toEqual(['name', 'description', 'labels', 'body']);
    const fields = form.body.filter(({ type }: { type: string }) => type !== 'markdown');
    for (const { type, attributes } of fields) {
      expect(['checkboxes', 'dropdown', 'input', 'textarea']).toContain(type);
      expect(attributes.label).toMatch(/\S/);
    }
    const ids: string[] = fields.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toContain(undefined);
    expect(fields.some(({ validations }: { validations?: object }) => validations !== undefined)).toBe(true);
  });
});

it('the scripts that CONTRIBUTING names exist, and so do its files', () => {
  const text = read('.github/CONTRIBUTING.md');
  const scripts = [...text.matchAll(/`npm run ([\w:]+)/g)].map(([, script]) => script);
  expect(scripts.length).toBeGreaterThan(5);
  for (const script of scripts) expect(Object.keys(packageJson.scripts)).toContain(script);
  for (const [, path = ''] of text.matchAll(/`((?:test|src|\.ci)\/[\w/.-]+)`/g))
    statSync(`${checkout}/${path}`);
});
