import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import packageJson from '../package.json' with { type: 'json' };

/** The tests that `npm run test:mutants` holds the write path's mutants to: those of core and of the use cases. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  define: { __VERSION__: JSON.stringify(packageJson.version) },
  test: {
    include: [
      'test/core/{merge,drift,digest,simulate,invert,knowledge,sight,change,plan,history,scope}.test.ts',
      'test/app/{apply-plan,atomic,undo,old-reads,within,guard,settle,roll-back,run-forward,write-step}.test.ts',
      'test/app/network/apply-plan.test.ts',
      // The same runs for every mutant, by the seed below.
      'test/app/{faults,knowledge}.property.test.ts',
      'test/app/network/knowledge.property.test.ts',
    ],
    // One process keeps what it has imported, for some thousand runs.
    isolate: false,
    fileParallelism: false,
    // A mutant may turn patience into a loop without an end.
    testTimeout: 20_000,
    env: { ELB_PROXY_TEST_SEED: '1' },
  },
});
