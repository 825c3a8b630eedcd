import type { ClassicChange, Plan } from '../../src/core/plan.js';
import type { ReportedClassicChange, ReportedStep } from '../../src/core/report.js';
import type { ClassicStep } from '../../src/core/step.js';

/** The changes of a plan that is about Classic load balancers alone. */
export function classicChanges({ changes }: Pick<Plan, 'changes'>): readonly ClassicChange[] {
  return changes.map((change) => {
    if (change.targetGroup === undefined) return change;
    throw new Error(`${change.targetGroup.name} is a target group`);
  });
}

/** The same with what became of each step. */
export function reported(
  plan: Pick<Plan, 'changes'>,
  outcomeOf: (step: ClassicStep) => Pick<ReportedStep, 'outcome' | 'requestId'>,
): readonly ReportedClassicChange[] {
  return classicChanges(plan).map((change) => ({
    ...change,
    steps: change.steps.map((step) => ({ ...step, ...outcomeOf(step) })),
  }));
}
