import type { Plan } from '../../core/plan.js';

/** What a plan is for, in a few words. */
export function planGoal({ action, undoes }: Pick<Plan, 'action' | 'undoes'>): string {
  switch (action) {
    case 'enable':
      return 'enable the PROXY protocol';
    case 'disable':
      return 'disable the PROXY protocol';
    case 'undo':
      return undoes === undefined ? 'undo a change' : `undo change ${undoes}`;
  }
}
