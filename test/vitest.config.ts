import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import packageJson from '../package.json' with { type: 'json' };

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  define: { __VERSION__: JSON.stringify(packageJson.version) },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**'],
    testTimeout: 30_000,
    reporters: ['default', fileURLToPath(new URL('./helpers/closing-line.ts', import.meta.url))],
    coverage: {
      provider: 'v8',
      include: ['src/**'],
      reporter: ['text-summary', 'html'],
      reportsDirectory: 'coverage',
    },
  },
});
