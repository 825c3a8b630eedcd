import { planFacts } from '../../core/change-facts.js';
import type { Plan } from '../../core/plan.js';
import { counted } from './counted.js';

/** `2 calls on 1 load balancer`, or that there is nothing to do. */
export function planExtent(plan: Pick<Plan, 'changes'>): string {
  const { calls, loadBalancers } = planFacts(plan);
  return calls === 0
    ? 'nothing to do'
    : `${counted(calls, 'call')} on ${counted(loadBalancers, 'load balancer')}`;
}

/** A plan's goal in a few words. */
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
