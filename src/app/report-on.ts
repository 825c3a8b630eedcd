import type { Plan } from '../core/plan.js';
import {
  type GuardReport,
  type Leftover,
  type Report,
  type RunOutcome,
  reportFormatVersion,
} from '../core/report.js';
import type { Step } from '../core/step.js';
import { withoutUndefined } from '../core/without-undefined.js';
import type { ElbProxyError } from '../errors.js';
import type { Ledger } from './ledger.js';

interface RunFacts {
  readonly changeId: string | null;
  readonly outcome: RunOutcome;
  /** Absent: no step was run. */
  readonly ledger?: Ledger | undefined;
  readonly leftovers?: readonly Leftover[];
  readonly guard?: GuardReport | undefined;
  readonly error?: ElbProxyError | undefined;
}

/** The report of a run of a plan. */
export function reportOn(
  plan: Plan,
  { changeId, outcome, ledger, leftovers = [], guard, error }: RunFacts,
): Report {
  return {
    formatVersion: reportFormatVersion,
    action: plan.action,
    changeId,
    outcome,
    ...(plan.endpoint === undefined ? {} : { endpoint: plan.endpoint }),
    ...(plan.caller === undefined ? {} : { caller: plan.caller }),
    changes: plan.changes.map((change, index) => {
      const reported = <S extends Step>(step: S, nth: number) => ({
        ...step,
        ...(ledger?.resultOf(index, nth) ?? { outcome: 'not-run' as const }),
      });
      return change.targetGroup === undefined
        ? { ...change, steps: change.steps.map(reported) }
        : { ...change, steps: change.steps.map(reported) };
    }),
    leftovers,
    ...(guard === undefined ? {} : { guard }),
    ...(error === undefined ? {} : { reason: error.message, error: errorFields(error) }),
  };
}

function errorFields({ code, message, hint, requestId }: ElbProxyError) {
  return withoutUndefined({ code, message, hint, requestId });
}
