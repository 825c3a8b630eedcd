import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import nodeModule from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { registry } from '../../src/cli/registry.js';
import { topics } from '../../src/cli/topics/topics.js';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { type Packed, pack } from '../helpers/pack.js';
import { findPeer } from '../peers/peer.js';

const run = promisify(execFile);
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The package, packed and installed once for all. */
let packed: Packed;
/** The project that it is installed in. */
let app: string;
beforeAll(async () => {
  packed = await pack(await temporaryDirectory());
  app = await temporaryDirectory();
  await writeFile(join(app, 'package.json'), '{"name":"app","private":true,"type":"module"}');
  const argv = ['install', '--ignore-scripts', '--offline', '--no-audit', '--no-fund', packed.tarball];
  await run('npm', argv, { cwd: app });
});
afterAll(async () => {
  for (const folder of [dirname(packed.tarball), app]) await rm(folder, { recursive: true, force: true });
});

const program = `
import { createServer } from 'node:net';
import { applyPlan, makePlan, openElasticLoadBalancing, openJournal, type Plan, type Report } from 'elb-proxy';
import { type Seed, startLocal } from 'elb-proxy/local';
import { acceptProxyProtocol, createDecoder, decode, encodeV1, encodeV2 } from 'elb-proxy/proxy-protocol';

const seed: Seed = { loadBalancers: [{ name: 'web', listeners: [{ protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 }] }] };
const local = await startLocal({ port: 0, seed, dataPlane: false });
Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' });
const api = await openElasticLoadBalancing({ region: 'us-east-1', endpointUrl: local.endpoint, env: process.env });
const clock = { now: () => new Date(), sleep: async (_ms: number): Promise<void> => {} };
const emit = (): void => {};
const plan: Plan = await makePlan({ action: 'enable', names: ['web'], ports: [8443], tool: 'test' }, { api, clock, emit });
const journal = openJournal({ directory: process.argv[2] ?? '', holder: { pid: process.pid, host: 'test' }, look: () => ({ alive: false }) });
const report: Report = await applyPlan(plan, {}, { api: async () => api, journal, clock, emit, newChangeId: () => 'one', signal: new AbortController().signal });
await local.close();
const line = encodeV1({ source: { address: '192.0.2.1', port: 1 }, destination: { address: '192.0.2.2', port: 2 } });
acceptProxyProtocol(createServer((socket) => socket.end(String(socket.proxyProtocol?.version ?? socket.remoteAddress))));
console.log(report.outcome, decode(line).kind, createDecoder().push(encodeV2({ command: 'LOCAL' })).kind, typeof acceptProxyProtocol);
`;

it('the package as npm would get it installs without dependencies, runs, and its types resolve', async () => {
  const { stdout: tree } = await run('npm', ['ls', '--all', '--parseable'], { cwd: app });
  expect(tree.trim().split('\n')).toHaveLength(2);
  expect((await run(join(app, 'node_modules/.bin/elb-proxy'), ['--version'])).stdout).toMatch(
    /^\d+\.\d+\.\d+\n$/,
  );

  // As a user's compiler would: with the package's types checked, too.
  await writeFile(join(app, 'program.ts'), program);
  await run(
    join(root, 'node_modules/.bin/tsc'),
    [
      '--ignoreConfig',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--strict',
      '--types',
      'node',
      '--typeRoots',
      join(root, 'node_modules/@types'),
      '--outDir',
      'out',
      'program.ts',
    ],
    { cwd: app },
  ).catch((error: { stdout: string }) => {
    throw new Error(error.stdout);
  });
  const ran = await run(process.execPath, ['out/program.js', await temporaryDirectory()], { cwd: app });
  expect(ran.stdout).toBe('applied valid valid function\n');
});

it('the package holds the program, its types, its schemas, the licences, and nothing else', () => {
  const { paths } = packed;
  const kinds = {
    launcher: /^bin\/(?:elb-proxy\.js|package\.json)$/,
    'the program': /^dist\/cli\/[a-z0-9-]+\.cjs$/,
    'its man page': /^dist\/man\/elb-proxy\.1$/,
    'the picture of the README': /^test\/readme\/terminal\.svg$/,
    'the library': /^dist\/(?!types\/|schema\/|cli\/).*\.js$/,
    'the manual': /^dist\/topics\/[a-z-]+\.md$/,
    types: /^dist\/types\/.*\.d\.ts$/,
    schemas: /^dist\/schema\/[a-z-]+\.schema\.json$/,
    licences: /^dist\/(?:THIRD-PARTY-LICENSES\.txt|sbom\.cdx\.json)$/,
    'package.json and papers': /^(?:package\.json|README\.md|CHANGELOG\.md|LICENSE)$/,
  };
  const left = paths.filter((path) => !Object.values(kinds).some((kind) => kind.test(path)));
  expect(left).toEqual([]);
  for (const [name, kind] of Object.entries(kinds))
    expect(paths.filter((path) => kind.test(path)).length, name).toBeGreaterThan(0);
  expect(paths.filter((path) => kinds.licences.test(path))).toHaveLength(2);
});

it('what is packed runs no script when it is installed, and names its man page', async () => {
  const own = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
    expect(own.scripts, script).not.toHaveProperty(script);
  expect(own).toMatchObject({ man: 'dist/man/elb-proxy.1' });
});

it('a release says where it comes from: the repository that it is made in, and a checkout claims no address', async () => {
  const own = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  for (const field of ['repository', 'homepage', 'bugs']) expect(own, field).not.toHaveProperty(field);
  const { jobs } = parse(await readFile(join(root, '.github/workflows/release.yml'), 'utf8'));
  const steps: { name?: string; run?: string }[] = jobs.pack.steps;
  const names = steps.map(({ name }) => name);
  const nth = names.indexOf('Where the package comes from');
  expect(nth).toBeGreaterThan(0);
  expect(names.indexOf('Package, bill of materials, checksums')).toBeGreaterThan(nth);
  const folder = await temporaryDirectory();
  await writeFile(join(folder, 'package.json'), JSON.stringify(own));
  const place = { GITHUB_SERVER_URL: 'https://git.example.com', GITHUB_REPOSITORY: 'ops/elb-proxy' };
  await run('bash', ['-e', '-c', steps[nth]?.run ?? ''], { cwd: folder, env: { ...process.env, ...place } });
  expect(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))).toEqual({
    ...own,
    repository: { type: 'git', url: 'git+https://git.example.com/ops/elb-proxy.git' },
    homepage: 'https://git.example.com/ops/elb-proxy#readme',
    bugs: { url: 'https://git.example.com/ops/elb-proxy/issues' },
  });
});

it('the types that are packed are those that the three doors lead to', () => {
  const types = packed.paths.filter((path) => path.startsWith('dist/types/'));
  expect(types.filter((path) => /^dist\/types\/(?:cli|render|main|haproxy)\b/.test(path))).toEqual([]);
});

// Newer versions of Node.js keep it themselves.
it.skipIf('enableCompileCache' in nodeModule)(
  'the first run of the installed package leaves its code cache to this user, and those after it read it',
  async () => {
    const folder = await temporaryDirectory();
    const caches = join(folder, 'cache/elb-proxy');
    const installed = async (): Promise<readonly string[]> => {
      const path = join(folder, 'files.json');
      const env = {
        PATH: process.env['PATH'],
        HOME: folder,
        XDG_CACHE_HOME: join(folder, 'cache'),
        FILES_READ: path,
        NODE_OPTIONS: `--require=${join(root, 'test/helpers/files-read.cjs')}`,
      };
      const { stdout } = await run(join(app, 'node_modules/.bin/elb-proxy'), ['iam-policy'], { env });
      expect(stdout).toContain('2012-10-17');
      return JSON.parse(await readFile(path, 'utf8'));
    };
    const usesCache = (files: readonly string[]) => files.some((path) => path.startsWith(caches));
    await installed();
    const [name = '', ...more] = await readdir(caches);
    expect(more).toEqual([]);
    const cache = join(caches, name);
    expect(((await stat(cache)).mode & 0o777).toString(8)).toBe('600');
    const { mtimeMs } = await stat(cache);
    expect(usesCache(await installed())).toBe(true);
    // It was taken: one that V8 refuses is written again.
    expect((await stat(cache)).mtimeMs).toBe(mtimeMs);
    // What others may write is not run.
    await chmod(cache, 0o622);
    await installed();
    expect(((await stat(cache)).mode & 0o777).toString(8)).toBe('600');
    await rm(folder, { recursive: true, force: true });
  },
);

it('the man page has every command, option and topic, and man takes it without a complaint', async () => {
  const page = join(root, 'dist/man/elb-proxy.1');
  const text = (await readFile(page, 'utf8')).replaceAll('\\-', '-');
  for (const [name, { load }] of Object.entries(registry)) {
    expect(text).toContain(`elb-proxy ${name}`);
    for (const option of Object.keys((await load()).options)) expect(text, name).toContain(`--${option}`);
  }
  for (const name of Object.keys(topics)) {
    const [title = ''] = (await readFile(join(root, `src/cli/topics/${name}.md`), 'utf8')).split('\n');
    expect(text.replaceAll('""', '"').replaceAll('\\(aq', "'").toLowerCase(), name).toContain(
      title.slice(2).toLowerCase(),
    );
  }
  expect(text).not.toMatch(/[^\n -~]/);
  if (findPeer('groff', 'apt-get install groff-base') === undefined) return;
  const { stdout, stderr } = await run('groff', ['-man', '-Tutf8', '-ww', '-Wbreak', page]);
  expect(stderr).toBe('');
  expect(stdout).toContain('proxy_set_header Upgrade $http_upgrade;');
});

it('npx runs the package from its file in an empty folder, without a network', async () => {
  const folder = await temporaryDirectory();
  const { tarball } = packed;
  const cwd = join(folder, 'empty');
  await mkdir(cwd);
  const env = { PATH: process.env['PATH'], HOME: folder, npm_config_cache: join(folder, 'cache') };
  const npx = [
    '--yes',
    '--offline',
    '--package',
    tarball,
    '--call',
    'elb-proxy --version && elb-proxy iam-policy',
  ];
  expect((await run('npx', npx, { cwd, env })).stdout).toMatch(/^\d+\.\d+\.\d+\n[^]*"2012-10-17"/);
  expect(await readdir(cwd)).toEqual([]);
  await rm(folder, { recursive: true, force: true });
});

it('publint and knip find nothing', async () => {
  const bin = join(root, 'node_modules/.bin');
  const linted = await run(join(bin, 'publint'), ['run', '--strict', root]);
  expect(linted.stdout).toContain('All good!');
  // Ends with 1 where it finds a file, an export or a dependency that nothing uses.
  await run(join(bin, 'knip'), ['--no-progress'], { cwd: root });
});
