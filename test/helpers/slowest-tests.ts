import type { Reporter, TestModule } from 'vitest/node';

const shown = 20;

/** Prints the slowest tests of a run with their times, the slowest first. */
export default class SlowestTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const timed = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => ({
        ms: test.diagnostic()?.duration ?? 0,
        name: `${module.relativeModuleId} > ${test.fullName}`,
      })),
    );
    const lines = timed
      .toSorted((a, b) => b.ms - a.ms)
      .slice(0, shown)
      .map(({ ms, name }) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${name}\n`);
    process.on('exit', () => process.stdout.write(`\nThe slowest ${lines.length} tests\n${lines.join('')}`));
  }
}
