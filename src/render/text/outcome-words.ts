import type { Action } from '../../core/plan.js';
import type { Report, StepOutcome } from '../../core/report.js';

/**
 * How a run ended: the outcome, and what that means for what was written.
 *
 * @param where what an applied plan wrote
 */
export function outcomeWords(
  { outcome, action, changes, leftovers }: Report,
  where: string,
): { readonly label: string; readonly words: string } {
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
      const known = changes.some(({ steps }) => steps.some((step) => step.outcome === 'done'));
      return {
        label: 'Partly applied',
        words: `part of what was written ${known ? 'is still' : 'may still be'} in effect`,
      };
    }
  }
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

/** What became of a step. */
export const stepOutcomeWords: Readonly<Record<StepOutcome, string>> = {
  done: 'done',
  failed: 'failed, without effect',
  'not-run': 'not run',
  'rolled-back': 'rolled back',
  unknown: 'unknown, may be in effect',
};
