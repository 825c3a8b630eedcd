#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import * as module from 'node:module';

// The version is known without loading anything.
if (process.argv.length === 3 && process.argv[2] === '--version') {
  process.stdout.write(
    `${JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version}\n`,
  );
} else {
  module.enableCompileCache?.();
  const { main } = await import('../dist/main.js');
  await main(import.meta.url);
}
