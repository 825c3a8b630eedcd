import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import packageJson from '../package.json' with { type: 'json' };
import LongestFirst from './helpers/longest-first.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// Kept where it is found again: the configuration is read once for each project, and there is to be one seed for all.
const seed = (process.env['ELB_PROXY_TEST_SEED'] ??= String(Date.now() % 1_000_000_000));

/**
 * Core, use cases, codec, rendering and parsing: no process and no socket, which `no-outside.ts` holds them to. They share what
 * they import, and take seconds.
 */
const unit = [
  'test/core/**/*.test.ts',
  'test/app/**/*.test.ts',
  'test/aws/{mapping,rate-bucket,rate-regions,settings}.test.ts',
  'test/haproxy/!(command).test.ts',
  'test/probe/{blank,classify-matrix,classify,recordings,turns}.test.ts',
  'test/journal/{record-check,state-directory}.test.ts',
  // Those that are left out start a process, or serve.
  'test/cli/**/!(completion-names|processes).test.ts',
  'test/proxy-protocol/!(accept).test.ts',
  'test/render/!(commands).test.ts',
];

export default defineConfig({
  root: here('..'),
  define: { __VERSION__: JSON.stringify(packageJson.version) },
  test: {
    // A busy machine may starve a test that waits for a socket, or a worker that loads the AWS SDK: limits are long,
    // and a real failure only takes longer.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 20_000 } },
    env: {
      // Seven lines a test file that say nothing about this project.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      ELB_PROXY_TEST_SEED: seed,
    },
    sequence: { sequencer: LongestFirst },
    globalSetup: here('./helpers/run-folder.ts'),
    setupFiles: [here('./helpers/warnings.ts'), here('./helpers/own-process.ts')],
    projects: [
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: unit,
          // The files of a worker share what they import: the AWS SDK takes a second of processor time.
          isolate: false,
          // Most files wait, for programs, timers and sockets: four of them a core keep the cores busy.
          maxWorkers: 4 * availableParallelism(),
        },
      },
      {
        extends: true,
        test: {
          name: 'unit',
          include: unit,
          isolate: false,
          setupFiles: [here('./helpers/no-outside.ts')],
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 1 },
        },
      },
    ],
    reporters: ['default', here('./helpers/closing-line.ts')],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // `--coverage.reporter=html` writes pages to look at.
      reporter: ['text-summary'],
      reportsDirectory: 'coverage',
    },
  },
});
