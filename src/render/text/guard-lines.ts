import type { GuardSummary } from '../../core/guard-summary.js';
import type { GuardCheck, GuardPhase, GuardReport } from '../../core/report.js';
import { type Style, symbols } from '../style.js';
import { paragraph } from './paragraph.js';

/** When a check was made. */
export const guardPhases: Readonly<Record<GuardPhase, string>> = {
  baseline: 'before',
  after: 'after',
  restored: 'put back',
};

/** If more targets than this showed the same, the rest are counted. */
const mostNamed = 3;

/**
 * What each guard saw, as one line for each run of equal checks of a target, or of several targets that showed the
 * same: `✓ before: HTTP 200 at 127.0.1.1:443 (12 times)`.
 */
export function guardLines(guard: GuardReport | GuardSummary | undefined, style: Style): readonly string[] {
  if (guard === undefined) return [];
  const { bold } = style.colour;
  return guard.probes.flatMap((probe) => {
    const checks = guard.checks.filter((check: Check) => check.probe === probe);
    const notes = (guard.notes ?? []).filter((note) => note.probe === probe);
    if (checks.length === 0 && notes.length === 0) return [];
    const lines = [
      ...checkLines(checks, style),
      ...notes.map(({ message }) => `${symbols(style).note} ${message}`),
    ];
    return [
      '',
      bold(`Guard ${probe}`),
      ...lines.flatMap((line) => paragraph(line, style, { indent: 2, hanging: 4 })),
    ];
  });
}

/** A check, or several that saw the same. */
type Check = Omit<GuardCheck, 'ms'> & { readonly times?: number | undefined };

function checkLines(checks: readonly Check[], style: Style): readonly string[] {
  const { done, failed } = symbols(style);
  const { green, red } = style.colour;
  return Object.keys(guardPhases).flatMap((phase) =>
    sameCourses(checks.filter((check) => check.phase === phase)).flatMap(({ targets, runs }) =>
      runs.map(({ check: { passed, seen, probe }, times }) => {
        const often = times > 1 ? ` (${times} times${targets.length > 1 ? ' each' : ''})` : '';
        const mark = passed ? green(done) : red(failed);
        return `${mark} ${guardPhases[phase as GuardPhase]}: ${seen}${placeWords(probe, targets)}${often}`;
      }),
    ),
  );
}

/** `health` and alarms say in their names and words what they looked at. */
function placeWords(probe: string, targets: readonly string[]): string {
  if (probe.startsWith('alarm:')) return '';
  const left = targets.length - mostNamed;
  const named = targets.slice(0, mostNamed).join(', ');
  return ` at ${left > 0 ? `${named} and ${left} more` : named}`;
}

interface Run {
  readonly check: Check;
  times: number;
}

/** The courses of a phase's targets; those that took the same one together. */
function sameCourses(
  checks: readonly Check[],
): readonly { readonly targets: readonly string[]; readonly runs: readonly Run[] }[] {
  const targets = [...new Set(checks.map(({ target }) => target))];
  const courses = new Map<string, { readonly targets: string[]; readonly runs: readonly Run[] }>();
  for (const target of targets) {
    const runs = alike(checks.filter((check) => check.target === target));
    const key = JSON.stringify(runs.map(({ check: { passed, seen }, times }) => [passed, seen, times]));
    const same = courses.get(key) ?? { targets: [], runs };
    same.targets.push(target);
    courses.set(key, same);
  }
  return [...courses.values()];
}

/** Neighbouring checks that saw the same, counted. */
function alike(checks: readonly Check[]): readonly Run[] {
  const runs: Run[] = [];
  for (const check of checks) {
    const last = runs.at(-1);
    if (last !== undefined && last.check.passed === check.passed && last.check.seen === check.seen)
      last.times += check.times ?? 1;
    else runs.push({ check, times: check.times ?? 1 });
  }
  return runs;
}
