import type { GuardSummary } from '../../core/guard-summary.js';
import type { GuardCheck, GuardReport } from '../../core/report.js';
import { guardPhases } from '../text/guard-lines.js';
import { markdownTable } from './blocks.js';
import { codeSpan } from './code-span.js';
import { prose } from './prose.js';

/** A check with the time that it took, or several that saw the same. */
type Check = Omit<GuardCheck, 'ms'> & {
  readonly ms?: number | undefined;
  readonly times?: number | undefined;
};

/** Each guard's checks; of more than `most` the last ones, shared out among the guards. */
export function guardTable(guard: GuardReport | GuardSummary | undefined, most: number): readonly string[] {
  if (guard === undefined) return [];
  const share = Math.max(1, Math.floor(most / guard.probes.length));
  return guard.probes.flatMap((probe) => {
    const checks: readonly Check[] = guard.checks.filter((check: Check) => check.probe === probe);
    const notes = (guard.notes ?? []).filter((note) => note.probe === probe);
    if (checks.length === 0 && notes.length === 0) return [];
    const shown = checks.slice(-share);
    const left = checks.length - shown.length;
    return [
      `#### Guard ${codeSpan(probe)}`,
      ...(left === 0 ? [] : [`The last ${shown.length} of ${checks.length} checks.`]),
      ...(shown.length === 0
        ? []
        : [
            markdownTable(
              [
                'when',
                'target',
                'passed',
                'seen',
                shown.some(({ times }) => times !== undefined) ? 'times' : 'ms',
              ],
              shown.map(({ phase, target, passed, seen, ms, times }) => [
                guardPhases[phase],
                codeSpan(target),
                passed ? '✓ yes' : '✗ no',
                prose(seen),
                String(times ?? ms),
              ]),
            ),
          ]),
      ...notes.slice(-share).map(({ message }) => `Note: ${prose(message)}`),
    ];
  });
}
