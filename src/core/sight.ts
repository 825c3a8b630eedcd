import { isDescribed, redefinedPolicies, showList } from './drift.js';
import { sameList } from './merge.js';
import { type LoadBalancer, policyNamesOn } from './model.js';
import { samePolicy } from './policy.js';
import { type ClassicStep, policyOf, type SetPoliciesStep } from './step.js';

/**
 * What one answer shows of a step. `after`: its goal. `before`: its start. `touched`: neither, but part of its effect, so
 * it took effect and was changed since. `other`: no trace of it. Only `after` proves anything: a read may be old.
 */
export type SightKind = 'after' | 'before' | 'touched' | 'other';

/** A reading, judged; `why` says in words what is not as it was written. */
export interface Sight {
  readonly kind: SightKind;
  readonly why?: string | undefined;
  /** The list has the same policies as the one that was written, in another order. */
  readonly reordered?: boolean | undefined;
  /** The list is the one that was written, and a policy on it means something else now. */
  readonly redefined?: boolean | undefined;
}

/** Judges one reading of a load balancer, which must have been read whole, against a step. */
export function sightOf(step: ClassicStep, fresh: LoadBalancer): Sight {
  if (step.call === 'SetLoadBalancerPoliciesForBackendServer') return listSight(step, fresh);
  const present = fresh.policies?.find((policy) => policy.name === step.policyName);
  const same = present !== undefined && samePolicy(present, policyOf(step));
  if (present !== undefined && !same)
    return { kind: 'other', why: `policy ${step.policyName} has another definition` };
  return { kind: same === (step.call === 'CreateLoadBalancerPolicy') ? 'after' : 'before' };
}

/** Names prove little: a recreated policy on the list may mean something else. */
function listSight(step: SetPoliciesStep, fresh: LoadBalancer): Sight {
  const found = policyNamesOn(fresh, step.instancePort);
  if (sameMembers(found, step.after)) {
    const redefined = redefinedPolicies(step, fresh);
    if (redefined.length > 0)
      return {
        kind: 'touched',
        redefined: true,
        why: `${redefined.join(', ')} ${redefined.length === 1 ? 'was' : 'were'} recreated with another meaning`,
      };
    // A read that does not have the policy yet is stale.
    if (!step.after.every((name) => step.before.includes(name) || isDescribed(name, fresh)))
      return { kind: 'before' };
    return sameList(found, step.after) ? { kind: 'after' } : { kind: 'after', reordered: true };
  }
  if (sameList(found, step.before)) return { kind: 'before' };
  const why = `its list is ${showList(found)}`;
  const added = step.after.filter((name) => !step.before.includes(name));
  const removed = step.before.filter((name) => !step.after.includes(name));
  const ours =
    added.length > 0
      ? added.some((name) => found.includes(name))
      : removed.some((name) => !found.includes(name));
  return { kind: ours ? 'touched' : 'other', why };
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return sameList(a.toSorted(), b.toSorted());
}
