import type { Report, RunOutcome } from '../../core/report.js';

/** How a run ended that did not simply apply its plan: the outcome, and what that means for what was written. */
export function outcomeWords(
  outcome: Exclude<RunOutcome, 'applied'>,
  { changes, leftovers }: Pick<Report, 'changes' | 'leftovers'>,
): { readonly label: string; readonly words: string } {
  switch (outcome) {
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
        words: `something that was written ${known ? 'is still' : 'may still be'} in effect`,
      };
    }
  }
}

/** All that stays behind a run that was rolled back are policies on no port. */
function putBackWords(leftovers: number): string {
  if (leftovers === 0) return 'everything that was written was put back';
  const policies = leftovers === 1 ? 'one policy' : `${leftovers} policies`;
  return `what was written was put back, but for ${policies} on no port`;
}
