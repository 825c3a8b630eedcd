import type { GuardPhase, GuardReport } from '../../core/report.js';
import { markdownTable } from './cells.js';
import { codeSpan } from './code-span.js';
import { prose } from './prose.js';

const phases: Readonly<Record<GuardPhase, string>> = {
  baseline: 'before',
  after: 'after',
  restored: 'put back',
};

/** What a guard saw, check by check; of more than `most` the last ones. */
export function guardTable(guard: GuardReport | undefined, most: number): readonly string[] {
  if (guard === undefined || guard.checks.length === 0) return [];
  const shown = guard.checks.slice(-most);
  const left = guard.checks.length - shown.length;
  return [
    `#### Guard ${codeSpan(guard.probe)}`,
    ...(left === 0 ? [] : [`The last ${shown.length} of ${guard.checks.length} checks.`]),
    markdownTable(
      ['when', 'target', 'passed', 'seen', 'ms'],
      shown.map(({ phase, target, passed, seen, ms }) => [
        phases[phase],
        codeSpan(target),
        passed ? '✓ yes' : '✗ no',
        prose(seen),
        String(ms),
      ]),
    ),
  ];
}
