import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { elbProxy, temporaryDirectory } from '../helpers/elb-proxy.js';
import { type Service, startService } from '../helpers/service.js';

// Start-up is fast because little is read. Times belong into test/bench; what is read is exact.

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const filesRead = fileURLToPath(new URL('../helpers/files-read.cjs', import.meta.url));
const kilobyte = 1000;

let service: Service;

beforeAll(async () => {
  service = await startService('demo', { dataPlane: false });
});

afterAll(async () => {
  await service[Symbol.asyncDispose]();
});

/** The files of this package that a command reads, their bytes, and the parts of Node.js that it loads. */
async function loadedBy(
  command: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ files: readonly string[]; bytes: number; builtIn: readonly string[] }> {
  const path = join(await temporaryDirectory(), 'files.json');
  const { code, stderr } = await elbProxy(command.split(' '), {
    endpoint: service.endpoint,
    env: { NODE_OPTIONS: `--require=${filesRead}`, FILES_READ: path, ...env },
  });
  // A hold of no time is too short for what a guard may notice, which is said.
  expect([code, stderr.replace(/^.*note: guard .*\n/gm, '')]).toEqual([0, '']);
  const all: readonly string[] = JSON.parse(await readFile(path, 'utf8'));
  const files = all
    .filter((file) => file.startsWith(root) && file !== filesRead && existsSync(file))
    .map((file) => relative(root, file));
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(root, file))).size));
  const builtIn = all.filter((name) => name.startsWith('node:'));
  return { files, bytes: sizes.reduce((sum, size) => sum + size, 0), builtIn };
}

const withCache = (path: string) => [`${path}.${process.version}-${process.arch}.cache`, path];
const [cache = ''] = withCache('dist/cli/main.cjs');
const bare = ['bin/elb-proxy.js', ...withCache('dist/cli/main.cjs')];
const program = [...bare, ...withCache('dist/cli/sdk.cjs')];

it('--version reads the launcher and package.json, and nothing else', async () => {
  const { files, bytes } = await loadedBy('--version');
  expect(files).toEqual(['bin/elb-proxy.js', 'package.json']);
  expect(bytes).toBeLessThan(10 * kilobyte);
});

it.each(['--help', 'status --help', 'iam-policy', 'history'])(
  '%s reads the program, without the AWS SDK',
  async (command) => {
    const { files, bytes } = await loadedBy(command);
    expect(files).toEqual(bare);
    expect(bytes).toBeLessThan(2000 * kilobyte);
  },
);

it.each(['status web', 'policies web', 'enable web --port 8443 --dry-run'])(
  '%s reads the program and the AWS SDK, and none of the other libraries that are bundled apart',
  async (command) => {
    const { files, bytes } = await loadedBy(command);
    expect(files).toEqual(program);
    expect(bytes).toBeLessThan(3100 * kilobyte);
  },
);

it.each([
  ['--help', ['node:crypto', 'node:child_process', 'node:http', 'node:fs/promises']],
  ['status --help', ['node:crypto', 'node:child_process', 'node:http']],
  ['status web', ['node:child_process']],
])('%s loads no part of Node.js that it does not need: %j', async (command, needless) => {
  const { builtIn } = await loadedBy(command);
  expect(builtIn).toContain('node:stream');
  expect(builtIn.filter((name) => needless.includes(name))).toEqual([]);
});

it('a change reads no more than that, and no schema library', async () => {
  const { files } = await loadedBy('enable web --port 8443 --yes');
  expect(files).toEqual(program);
});

it('a long journal is looked through without the schema library', async () => {
  const stateDirectory = await temporaryDirectory();
  const path = join(stateDirectory, 'journal.jsonl');
  // Whatever it is now, one of both changes it.
  for (const verb of ['enable', 'disable'])
    await elbProxy([verb, 'web', '--port', '8443', '--yes'], { endpoint: service.endpoint, stateDirectory });
  const text = await readFile(path, 'utf8');
  const { changeId } = JSON.parse(text.slice(0, text.indexOf('\n'))) as { changeId: string };
  await writeFile(
    path,
    Array.from({ length: 500 }, (_, nth) => text.replaceAll(changeId, `c-${nth}`)).join(''),
  );
  for (const [command, read] of [
    ['status web', program],
    ['history', bare],
  ] as const) {
    const { files } = await loadedBy(command, { ELB_PROXY_STATE_DIR: stateDirectory });
    expect(files).toEqual(read);
  }
});

it("a guard reads CloudWatch's client only where it names an alarm", async () => {
  const { files } = await loadedBy('enable web --port 9000 --guard alarm:web-errors --guard-hold 0s --yes', {
    AWS_ENDPOINT_URL_CLOUDWATCH: service.endpoint,
  });
  expect(files).toContain('dist/cli/client-cloudwatch.cjs');
  const health = await loadedBy('disable web --port 9000 --guard health --guard-hold 0s --yes');
  expect(health.files).not.toContain('dist/cli/client-cloudwatch.cjs');
});

it('V8 takes the code cache that the build made', async () => {
  const script = `
    const { Script } = require('node:vm');
    const { wrap } = require('node:module');
    const { readFileSync } = require('node:fs');
    const cachedData = readFileSync('${cache}');
    console.log(new Script(wrap(readFileSync('dist/cli/main.cjs', 'latin1')), { cachedData }).cachedDataRejected);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { cwd: root });
  expect(stdout).toBe('false\n');
});
