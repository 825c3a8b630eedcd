import type { Action } from '../../core/plan.js';
import type { Report, StepOutcome } from '../../core/report.js';

/** How a run ended, and what that means for what was written; `where` is what an applied plan wrote. */
export function outcomeWords(
  report: Report,
  where: string,
): { readonly label: string; readonly words: string } {
  const { outcome, action, changes, leftovers } = report;
  switch (outcome) {
    case 'applied':
      return { label: 'Applied', words: `${doneWords[action]} on ${where}` };
    case 'unchanged':
      return { label: 'Unchanged', words: 'nothing was written' };
    case 'refused':
      return { label: 'Refused for safety', words: 'nothing was written' };
    case 'rolled-back':
      return { label: 'Rolled back', words: putBackWords(leftovers.length) };
    case 'partial': {
      const known =
        !isComplete(report) && changes.some(({ steps }) => steps.some((step) => step.outcome === 'done'));
      return {
        label: 'Partly applied',
        words: `part of what was written ${known ? 'is still' : 'may still be'} in effect`,
      };
    }
  }
}

/** Whether the run's own steps are all in effect: what else is left is what an undo did not find. */
export function isComplete({ outcome: ended, changes }: Pick<Report, 'outcome' | 'changes'>): boolean {
  return (
    ended === 'applied' || changes.every(({ steps }) => steps.every(({ outcome }) => outcome === 'done'))
  );
}

const doneWords: Readonly<Record<Action, string>> = {
  enable: 'the PROXY protocol was enabled',
  disable: 'the PROXY protocol was disabled',
  undo: 'the earlier change was put back',
};

/** All that stays behind a run that was rolled back are policies on no port. */
function putBackWords(leftovers: number): string {
  if (leftovers === 0) return 'everything that was written was put back';
  const policies = leftovers === 1 ? 'one policy' : `${leftovers} policies`;
  return `what was written was put back, except for ${policies} on no port`;
}

/** The outcome of a step. */
export const stepOutcomeWords: Readonly<Record<StepOutcome, string>> = {
  done: 'done',
  failed: 'failed, without effect',
  'not-run': 'not run',
  'rolled-back': 'rolled back',
  unknown: 'unknown, may be in effect',
};
