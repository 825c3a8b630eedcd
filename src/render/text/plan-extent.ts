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
