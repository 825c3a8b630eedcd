import type { GuardCheck, GuardPhase, GuardReport } from '../../core/report.js';
import type { Style } from '../style.js';
import { symbols } from '../symbols.js';
import { paragraph } from './paragraph.js';

const phases: Readonly<Record<GuardPhase, string>> = {
  baseline: 'before',
  after: 'after',
  restored: 'put back',
};

/** What a guard saw, as one line for each run of equal checks: `✓ before: HTTP 200 at 127.0.1.1:443`. */
export function guardLines(guard: GuardReport | undefined, style: Style): readonly string[] {
  if (guard === undefined || guard.checks.length === 0) return [];
  const { done, failed } = symbols(style);
  const { green, red, bold } = style.colour;
  return [
    '',
    bold(`Guard ${guard.probe}`),
    ...alike(guard.checks).flatMap(({ check: { phase, passed, seen, target }, times }) => {
      const often = times > 1 ? ` (${times} times)` : '';
      const line = `${passed ? green(done) : red(failed)} ${phases[phase]}: ${seen} at ${target}${often}`;
      return paragraph(line, style, { indent: 2, hanging: 4 });
    }),
  ];
}

/** Neighbouring checks that saw the same, counted. */
function alike(
  checks: readonly GuardCheck[],
): readonly { readonly check: GuardCheck; readonly times: number }[] {
  const runs: { check: GuardCheck; times: number }[] = [];
  for (const check of checks) {
    const last = runs.at(-1);
    if (
      last !== undefined &&
      (['phase', 'target', 'passed', 'seen'] as const).every((key) => last.check[key] === check[key])
    )
      last.times++;
    else runs.push({ check, times: 1 });
  }
  return runs;
}
