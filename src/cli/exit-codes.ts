import type { Report } from '../core/report.js';
import { ElbProxyError } from '../errors.js';

/** Every exit code of the program, for the code that returns them and for the help that explains them. */
export const exitCodes = {
  0: 'done, or nothing to do, or the expectation holds',
  1: 'error; nothing was changed, or all of it was put back',
  2: 'changes are pending (--dry-run --detailed-exitcode only)',
  3: 'refused for safety: blocker, stale plan, concurrent change, not confirmed',
  4: 'verification failed: an expectation is not met, a backend could not be judged, or the guard failed (rolled back)',
  5: 'partly applied and not fully rolled back: read the report',
  130: 'interrupted; the step in flight was finished and recorded first',
} as const;

/** One of the program's exit codes. */
export type ExitCode = keyof typeof exitCodes;

/** The exit code that an error ends the program with. */
export function exitCodeOfError(error: unknown): ExitCode {
  if (!(error instanceof ElbProxyError)) return 1;
  if (error.code === 'interrupted') return 130;
  return error.fault === 'world' ? 3 : 1;
}

/** Error codes that mean "refused for safety" even if something was written and put back. */
const refusals: ReadonlySet<string> = new Set([
  'stale-plan',
  'concurrent-change',
  'blocked',
  'plan-out-of-scope',
  'other-account',
  'other-endpoint',
]);

/** The exit code that a run's report ends the program with. */
export function exitCodeOfReport(report: Report): ExitCode {
  const { outcome, error } = report;
  if (outcome === 'partial') return error?.code === 'interrupted' && isKept(report) ? 130 : 5;
  if (error?.code === 'interrupted') return 130;
  if (error?.code === 'guard-failed') return 4;
  if (error === undefined) return 0;
  return outcome === 'refused' || refusals.has(error.code) ? 3 : 1;
}

/** Whether all that is left was left on purpose, and is known: an interruption hides neither doubt nor a failed way back. */
function isKept({ leftovers, changes }: Report): boolean {
  return (
    leftovers.every(({ kept, harmless }) => kept === true || harmless) &&
    changes.every(({ steps }) => steps.every((step) => step.outcome !== 'unknown'))
  );
}
