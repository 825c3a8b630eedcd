// npm run build: bundles src into dist. The library as ES modules that share what they have in common; the program as
// one CommonJS file, because such a file can be given V8's code cache (see bin/elb-proxy.js).
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { Script } from 'node:vm';
import { build } from 'esbuild';
import { writeThirdParty } from './.third-party.mjs';

const { version } = JSON.parse(await readFile('package.json', 'utf8'));

/** Libraries that few commands need: files of their own, read when they are used. */
const apart = [
  '@aws-sdk/client-cloudwatch',
  '@aws-sdk/client-ec2',
  '@aws-sdk/client-ssm',
  '@aws-sdk/client-sts',
  '@aws-sdk/nested-clients/sso',
  '@aws-sdk/nested-clients/sso-oidc',
  'fast-xml-parser',
  'inquirer',
  'proxy-agent',
  'selfsigned',
  'ws',
  'zod',
];
/** What stands apart is loaded from beside the program. */
const outside = (path) => ({ path: `./${path}.cjs`, external: true });

const nameOf = (library) => library.replace(/^@.*\//, '');

const common = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20.19',
  mainFields: ['module', 'main'],
  outdir: 'dist',
  logLevel: 'warning',
  // The licences of what is bundled are written to a file of their own.
  legalComments: 'none',
  metafile: true,
  // The same names of chunks, wherever the packages are.
  preserveSymlinks: true,
  define: { __VERSION__: JSON.stringify(version), __filename: '"elb-proxy"' },
  alias: {
    '@inquirer/external-editor': './src/cli/no-editor.ts',
    // Kinds of proxies that the AWS CLI does not take either; half a megabyte.
    'pac-proxy-agent': './src/cli/no-editor.ts',
    'socks-proxy-agent': './src/cli/no-editor.ts',
  },
};

/** Node.js gives `node:process` by reading each of its properties, stdin and all: the process itself has the same ones. */
const ownProcess = {
  name: 'own process',
  setup: (plugin) => {
    plugin.onResolve({ filter: /^node:process$/ }, ({ path }) => ({ path, namespace: 'own-process' }));
    plugin.onLoad({ filter: /.*/, namespace: 'own-process' }, () => ({ contents: 'module.exports = process' }));
  },
};

const commonJs = {
  ...common,
  plugins: [ownProcess],
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  // `import()` in a script that comes with a code cache has no callback to go to.
  supported: { 'dynamic-import': false },
  define: { ...common.define, 'import.meta.url': 'elbProxyUrl' },
  banner: { js: "const elbProxyUrl=require('node:url').pathToFileURL(__filename).href;" },
};

// V8 tells a cache of another source by its length alone: none may be left beside a new one.
await rm('dist/cli', { recursive: true, force: true });
// The manual, which `help` reads.
await cp('src/cli/topics', 'dist/topics', { recursive: true, filter: (path) => !path.endsWith('.ts') });
const built = await Promise.all([
  build({
    ...common,
    entryPoints: ['src/index.ts', 'src/local/index.ts', 'src/proxy-protocol/index.ts'],
    outbase: 'src',
    format: 'esm',
    splitting: true,
    banner: {
      js: "import{createRequire as elbProxyRequire}from'node:module';const require=elbProxyRequire(import.meta.url);",
    },
  }),
  build({
    ...commonJs,
    // The AWS SDK stands apart, too, and the local service, which two commands need.
    entryPoints: { 'cli/main': 'src/main.ts', 'cli/sdk': 'src/aws/sdk.ts', 'cli/local': 'src/local/index.ts' },
    plugins: [
      ownProcess,
      {
        name: 'apart',
        setup: (plugin) => {
          plugin.onResolve({ filter: new RegExp(`^(${apart.join('|')})$`) }, ({ path }) => outside(nameOf(path)));
          plugin.onResolve({ filter: /\/local\/index\.js$/ }, () => outside('local'));
          plugin.onResolve({ filter: /\/sdk\.js$/ }, () => outside('sdk'));
        },
      },
    ],
  }),
  build({
    ...commonJs,
    entryPoints: Object.fromEntries(apart.map((library) => [`cli/${nameOf(library)}`, library])),
  }),
]);

/** What every run loads, with V8's code cache: the program and the AWS SDK. */
const cached = ['dist/cli/main.cjs', 'dist/cli/sdk.cjs'];
await nameBuild(cached);
await writeManPage();
await writeSchemas();
writeThirdParty(built.map(({ metafile }) => metafile));
// Without its cache the program starts more slowly and does the same.
await writeCodeCaches().catch((error) => console.warn('no code cache was written:', error));

/** Puts what tells a build from any other in the first line of each: the launcher keeps code caches under it. */
async function nameBuild(paths) {
  const sources = await Promise.all(paths.map((path) => readFile(path)));
  const name = createHash('sha256').update(Buffer.concat(sources)).digest('hex').slice(0, 16);
  for (const [index, path] of paths.entries())
    await writeFile(path, Buffer.concat([Buffer.from(`/*${name}*/`), sources[index]]));
}

/** Writes the man page, from the same declarations as the help. */
async function writeManPage() {
  const outfile = resolve('dist/man/man-page.cjs');
  await build({ ...commonJs, metafile: false, outdir: undefined, outExtension: {}, outfile, entryPoints: ['src/cli/topics/man-page.ts'] });
  const { manPage } = createRequire(outfile)(outfile);
  await writeFile('dist/man/elb-proxy.1', await manPage((name) => readFile(`src/cli/topics/${name}.md`, 'utf8')));
  await rm(outfile);
}

/** Writes the JSON Schemas, as `schema NAME` prints them. */
async function writeSchemas() {
  const { run } = createRequire(import.meta.url)('./dist/cli/main.cjs');
  const schema = async (...name) => {
    const [io, printed] = [silentIo(['schema', ...name, '-o', 'json']), []];
    io.stdout = { ...io.stdout, stream: new PassThrough() };
    io.stdout.stream.on('data', (chunk) => printed.push(chunk));
    const code = await run(io);
    return { code, text: Buffer.concat(printed).toString() };
  };
  const { error } = JSON.parse((await schema()).text);
  const names = /choose from (.*)/.exec(`${error.message} ${error.hint}`)[1].split(', ');
  await mkdir('dist/schema', { recursive: true });
  for (const name of names) {
    const { code, text } = await schema(name);
    if (code !== 0) throw new Error(`elb-proxy schema ${name} ended with ${code}`);
    await writeFile(`dist/schema/${name}.schema.json`, text);
  }
}

/**
 * Writes V8's code cache of the program and of the AWS SDK next to them: of what a few everyday commands have compiled, run
 * here against a local service. The launcher uses it where it was built with the same version of Node.js. It is for a
 * checkout: it is not packed, because it is good for one version of Node.js only, and never the same twice.
 */
async function writeCodeCaches() {
  const loaded = new Map();
  const load = (filename) => {
    if (!loaded.has(filename)) {
      const source = readFileSync(filename, 'latin1');
      if (/[^\0-\x7f]/.test(source)) throw new Error(`${filename} is not plain ASCII, which the launcher reads it as`);
      const script = new Script(Module.wrap(source), { filename });
      const module = { exports: {} };
      loaded.set(filename, { script, module });
      const own = createRequire(filename);
      const cachedToo = (name) => cached.find((path) => resolve(path) === join(dirname(filename), name));
      const requireFrom = (name) => (cachedToo(name) ? load(resolve(cachedToo(name))) : own(name));
      script.runInThisContext()(module.exports, requireFrom, module, filename, dirname(filename));
    }
    return loaded.get(filename).module.exports;
  };
  const { run } = load(resolve('dist/cli/main.cjs'));
  const { startLocal } = await import('./dist/local/index.js');
  const stateDirectory = await mkdtemp(join(tmpdir(), 'elb-proxy-build-'));
  const local = await startLocal({ port: 0, seed: 'demo', dataPlane: false });
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'build',
    AWS_SECRET_ACCESS_KEY: 'build',
    AWS_REGION: 'us-east-1',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: local.endpoint,
    AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: local.endpoint,
    ELB_PROXY_STATE_DIR: stateDirectory,
  });
  try {
    for (const line of ['--help', 'status web', 'enable web --port 8443 --yes', 'undo --yes', 'history']) {
      const code = await run(silentIo(line.split(' ')));
      if (code !== 0) throw new Error(`elb-proxy ${line} ended with ${code}`);
    }
    for (const [path, { script }] of loaded)
      await writeFile(`${path}.${process.version}-${process.arch}.cache`, script.createCachedData());
  } finally {
    await local.close();
    await rm(stateDirectory, { recursive: true });
  }
}

/** A process without a terminal whose output nobody reads. */
function silentIo(argv) {
  const output = { isTerminal: false, columns: undefined, stream: new PassThrough().resume() };
  return {
    argv,
    env: process.env,
    stdin: { isTerminal: false, stream: new PassThrough().end() },
    stdout: output,
    stderr: output,
    signal: new AbortController().signal,
    watch: () => () => undefined,
    holder: { pid: process.pid, host: 'build' },
    look: () => ({ alive: false }),
    outliveReaders: () => undefined,
    self: [process.execPath, 'bin/elb-proxy.js'],
  };
}
