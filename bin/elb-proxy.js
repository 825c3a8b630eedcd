#!/usr/bin/env node
// CommonJS: loading the loader of ES modules takes longer than all else that `--version` does.
const { readFileSync } = require('node:fs');
const { createRequire, enableCompileCache, wrap } = require('node:module');
const { dirname } = require('node:path');
const { pathToFileURL } = require('node:url');
const { Script } = require('node:vm');

if (process.argv.length === 3 && process.argv[2] === '--version')
  process.stdout.write(`${require('../package.json').version}\n`);
else load(require.resolve('../dist/cli/main.cjs')).main(pathToFileURL(__filename).href);

/**
 * Loads a module with V8's code cache: the one that the build made, where it was built with this version of Node.js;
 * else the one that Node.js keeps by itself, from 22.1 on.
 */
function load(path) {
  const cachedData = read(`${path}.${process.version}-${process.arch}.cache`);
  if (cachedData === undefined) {
    enableCompileCache?.();
    return require(path);
  }
  // V8 refuses a cache that it did not make itself (other flags, another processor), and compiles the source.
  const script = new Script(wrap(readFileSync(path, 'latin1')), { filename: path, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(path), module, path, dirname(path));
  return module.exports;
}

function read(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
