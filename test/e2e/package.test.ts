import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/elb-proxy.js';

const run = promisify(execFile);
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

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

/** Packs the package as `npm publish` would. */
async function pack(
  folder: string,
): Promise<{ readonly tarball: string; readonly paths: readonly string[] }> {
  const argv = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const packed = JSON.parse((await run('npm', argv, { cwd: root })).stdout);
  const [{ filename, files }] = Array.isArray(packed) ? packed : Object.values(packed);
  return {
    tarball: join(folder, filename),
    paths: files.map(({ path }: { path: string }) => path),
  };
}

it('the package as npm would get it installs without dependencies, runs, and its types resolve', async () => {
  const folder = await temporaryDirectory();
  const { tarball } = await pack(folder);

  const app = join(folder, 'app');
  await mkdir(app);
  await writeFile(join(app, 'package.json'), '{"name":"app","private":true,"type":"module"}');
  await run('npm', ['install', '--ignore-scripts', '--offline', '--no-audit', '--no-fund', tarball], {
    cwd: app,
  });
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
  const ran = await run(process.execPath, ['out/program.js', join(folder, 'state')], { cwd: app });
  expect(ran.stdout).toBe('applied valid valid function\n');
  await rm(folder, { recursive: true, force: true });
}, 120_000);

it('the package holds the program, its types, its schemas, the licences, and nothing else', async () => {
  const folder = await temporaryDirectory();
  const { paths } = await pack(folder);
  const kinds = {
    launcher: /^bin\/(?:elb-proxy\.js|package\.json)$/,
    'the program, and its code cache': /^dist\/cli\/[a-z0-9-]+\.cjs(?:\.v[a-z0-9.-]+\.cache)?$/,
    'the library': /^dist\/(?!types\/|schema\/|cli\/).*\.js$/,
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
  await rm(folder, { recursive: true });
});

it('npx runs the package from its file in an empty folder, without a network', async () => {
  const folder = await temporaryDirectory();
  const { tarball } = await pack(folder);
  const cwd = join(folder, 'empty');
  await mkdir(cwd);
  const env = { PATH: process.env['PATH'], HOME: folder, npm_config_cache: join(folder, 'cache') };
  const npx = ['--yes', '--offline', '--package', tarball, 'elb-proxy'];
  expect((await run('npx', [...npx, '--version'], { cwd, env })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect((await run('npx', [...npx, 'iam-policy'], { cwd, env })).stdout).toContain('"2012-10-17"');
  expect(await readdir(cwd)).toEqual([]);
  await rm(folder, { recursive: true, force: true });
}, 120_000);

it('publint and knip find nothing', async () => {
  const bin = join(root, 'node_modules/.bin');
  const linted = await run(join(bin, 'publint'), ['run', '--strict', root]);
  expect(linted.stdout).toContain('All good!');
  // Ends with 1 where it finds a file, an export or a dependency that nothing uses.
  await run(join(bin, 'knip'), ['--no-progress'], { cwd: root });
}, 120_000);
