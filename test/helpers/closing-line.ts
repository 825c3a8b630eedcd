import type { Reporter, TestModule, Vitest } from 'vitest/node';

/**
 * Ends a test run with one plain line, `N passed, N failed, N skipped`, that any CI can read. Before it, what the
 * randomised tests started from.
 */
export default class ClosingLine implements Reporter {
  #started = '';

  onInit({ config: { env } }: Vitest): void {
    const { ELB_PROXY_TEST_SEED: seed } = env;
    const budget = process.env['ELB_PROXY_TEST_BUDGET'] ?? 'small';
    this.#started = `budget ${budget}; ELB_PROXY_TEST_SEED=${seed} starts the randomised tests from the same seed`;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    let passed = 0;
    let failed = 0;
    let skipped = 0;
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed++;
        else if (state === 'failed') failed++;
        else skipped++;
      }
      if (module.errors().length > 0) failed++;
    }
    // After the default reporter's own summary, so that the line is the last one.
    process.on('exit', () =>
      process.stdout.write(`${this.#started}\n${passed} passed, ${failed} failed, ${skipped} skipped\n`),
    );
  }
}
