#!/usr/bin/env node
// CommonJS: loading the loader of ES modules takes longer than all else that `--version` does.
const { readFileSync, statSync } = require('node:fs');
const { createRequire, enableCompileCache, wrap } = require('node:module');
const { basename, dirname, isAbsolute, join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { Script } = require('node:vm');

if (process.argv.length === 3 && process.argv[2] === '--version')
  process.stdout.write(`${require('../package.json').version}\n`);
else load(require.resolve('../dist/cli/main.cjs')).main(pathToFileURL(__filename).href);

/**
 * Loads a module with V8's code cache: in a checkout the one that the build made, where it was built with this version of
 * Node.js; else the one that Node.js keeps by itself, from 22.1 on; else one that the first run leaves to those after it.
 */
function load(path) {
  const built = read(`${path}.${process.version}-${process.arch}.cache`);
  if (built === undefined && enableCompileCache !== undefined) {
    enableCompileCache();
    return require(path);
  }
  const source = readFileSync(path, 'latin1');
  const kept = built === undefined ? cachePath(path, source) : undefined;
  const cachedData = built ?? (kept === undefined ? undefined : readKept(kept));
  // V8 refuses a cache that it did not make itself (other flags, another processor), and compiles the source.
  const script = new Script(wrap(source), { filename: path, cachedData });
  if (kept !== undefined && (cachedData === undefined || script.cachedDataRejected))
    process.once('exit', () => keep(kept, script));
  const module = { exports: {} };
  const own = createRequire(path);
  let sdk;
  // The one of the files beside the program that is large, and that most runs load.
  const requireFrom = (name) =>
    name === './sdk.cjs' ? (sdk ??= load(join(dirname(path), name))) : own(name);
  script.runInThisContext()(module.exports, requireFrom, module, path, dirname(path));
  return module.exports;
}

/** Where the cache of a file is kept for this user; by the build in its first line, since V8 knows a source by its length only. */
function cachePath(path, source) {
  const { XDG_CACHE_HOME = '', HOME = '', LOCALAPPDATA = '', NODE_DISABLE_COMPILE_CACHE } = process.env;
  if (NODE_DISABLE_COMPILE_CACHE) return undefined;
  const home = process.platform === 'darwin' ? 'Library/Caches' : '.cache';
  const folder = isAbsolute(XDG_CACHE_HOME)
    ? XDG_CACHE_HOME
    : LOCALAPPDATA || (isAbsolute(HOME) && join(HOME, home));
  const [, build] = /^\/\*([0-9a-f]{16})\*\//.exec(source) ?? [];
  if (!folder || build === undefined) return undefined;
  return join(folder, 'elb-proxy', `${build}-${basename(path)}-${process.version}-${process.arch}.cache`);
}

/** A cache that was kept; none if another user could have written it, because what is in it is run. */
function readKept(path) {
  try {
    return [dirname(path), path].every(isSafe) ? read(path) : undefined;
  } catch {
    return undefined;
  }
}

function isSafe(path) {
  const { uid, mode } = statSync(path);
  return isOwn(uid) && (mode & 0o022) === 0;
}

function isOwn(uid) {
  return process.getuid === undefined || uid === process.getuid();
}

function read(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Leaves a cache behind for the next run, and takes those of other builds away. What fails here costs time only. */
function keep(path, script) {
  const { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } = require('node:fs');
  try {
    const folder = dirname(path);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // With sudo, HOME may be another user's.
    if (!isSafe(folder)) return;
    const written = `${path}.${process.pid}`;
    writeFileSync(written, script.createCachedData(), { flag: 'wx', mode: 0o600 });
    renameSync(written, path);
    const [build] = basename(path).split('-');
    for (const name of readdirSync(folder))
      if (name.endsWith('.cache') && !name.startsWith(`${build}-`))
        rmSync(join(folder, name), { force: true });
  } catch {}
}
