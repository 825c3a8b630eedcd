import type { Plan } from '../core/plan.js';
import {
  type Leftover,
  type Report,
  type RunOutcome,
  reportFormatVersion,
  type StepOutcome,
} from '../core/report.js';
import type { ElbProxyError } from '../errors.js';

/** What became of one step. */
export interface StepResult {
  readonly outcome: StepOutcome;
  readonly requestId?: string | undefined;
}

/** What there is to say about a run besides its plan. */
export interface RunFacts {
  readonly changeId: string | null;
  readonly outcome: RunOutcome;
  /** By `change/step`, the indexes into the plan; a step that is not there was not run. */
  readonly results?: ReadonlyMap<string, StepResult>;
  readonly leftovers?: readonly Leftover[];
  readonly error?: ElbProxyError | undefined;
}

/** The report of a run of a plan. */
export function reportOn(
  plan: Plan,
  { changeId, outcome, results, leftovers = [], error }: RunFacts,
): Report {
  return {
    formatVersion: reportFormatVersion,
    action: plan.action,
    changeId,
    outcome,
    changes: plan.changes.map((change, changeIndex) => ({
      ...change,
      steps: change.steps.map((step, stepIndex) => ({
        ...step,
        ...(results?.get(`${changeIndex}/${stepIndex}`) ?? { outcome: 'not-run' as const }),
      })),
    })),
    leftovers,
    ...(error === undefined ? {} : { reason: error.message, error: errorFields(error) }),
  };
}

function errorFields({ code, message, hint, requestId }: ElbProxyError) {
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}
