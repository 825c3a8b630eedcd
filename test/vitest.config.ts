import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import packageJson from '../package.json' with { type: 'json' };

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  define: { __VERSION__: JSON.stringify(packageJson.version) },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**'],
    testTimeout: 60_000,
    // Seven lines a test file that say nothing about this project.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // A busy CI machine may starve a test that waits for a socket; what fails twice has failed.
    retry: process.env['CI'] === 'true' ? 1 : 0,
    reporters: ['default', fileURLToPath(new URL('./helpers/closing-line.ts', import.meta.url))],
    coverage: {
      provider: 'v8',
      include: ['src/**'],
      reporter: ['text-summary', 'html'],
      reportsDirectory: 'coverage',
    },
  },
});
