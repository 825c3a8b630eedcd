import { movedIdentity, redefinedPolicies, showList } from '../core/drift.js';
import { invertStep } from '../core/invert.js';
import { type LoadBalancer, type LoadBalancerIdentity, policyNamesOn } from '../core/model.js';
import { sightOf } from '../core/sight.js';
import type { ClassicStep } from '../core/step.js';
import { doubt, type Objection, type Verdict } from './objection.js';
import { touchedMs } from './observe.js';
import type { WrittenStep } from './switched.js';

/** A name is free again only once its load balancer is deleted. */
function isYounger({ createdTime }: LoadBalancerIdentity, than: LoadBalancerIdentity): boolean {
  return createdTime !== undefined && than.createdTime !== undefined && createdTime > than.createdTime;
}

/** Why a step on a Classic load balancer must not be taken back now, judged by a read; undefined if it may be. */
export function objectionToWayBack(
  { step, loadBalancer, seen, taken }: WrittenStep<ClassicStep>,
  fresh: LoadBalancer | undefined,
): Verdict<Objection> | undefined {
  const known = (why: string): Verdict<Objection> => ({ stop: { why, inDoubt: !seen } });
  if (fresh === undefined) return doubt('the service has no load balancer of that name');
  if (isYounger(fresh, loadBalancer)) return { stop: { why: 'it is gone', inDoubt: false, gone: true } };
  if (movedIdentity(loadBalancer, fresh).length > 0)
    return doubt('the load balancer of that name is now a different one');
  const inverse = invertStep(step);
  const { kind, reordered } = sightOf(inverse, fresh);
  switch (inverse.call) {
    case 'SetLoadBalancerPoliciesForBackendServer': {
      // The list from before: an old read, or someone put it back. Writing it again is right in both cases, but not if
      // reads are known to be stale: then the actual list was never seen.
      // If its order differs, someone else wrote it.
      const asBefore = kind === 'after' && reordered !== true;
      if (asBefore && taken && !seen) return doubt('no read has shown the list that was written');
      if (asBefore) return undefined;
      if (kind === 'before') {
        const redefined = redefinedPolicies(inverse, fresh);
        return redefined.length === 0
          ? undefined
          : known(`something else has redefined ${redefined.join(', ')}, which was on its list`);
      }
      const found = showList(policyNamesOn(fresh, inverse.instancePort));
      const why = `something else changed the list meanwhile: it is ${found}`;
      // The rest of this run's own list is still in effect.
      const ours = seen && ['touched', 'after'].includes(sightOf(step, fresh).kind);
      return { stop: { why, inDoubt: !ours }, maybeOld: true, patienceMs: ours ? touchedMs : undefined };
    }
    case 'CreateLoadBalancerPolicy':
      // Created again even if a read shows it: that read may be from before it was deleted.
      return kind === 'other' ? known('another policy has the name') : undefined;
    case 'DeleteLoadBalancerPolicy': {
      if (kind === 'other') return known(`another policy of that name was made meanwhile`);
      if (kind === 'after') return doubt('the service does not list it');
      const user = fresh.backendServers.find(({ policyNames }) => policyNames.includes(inverse.policyName));
      const why = `instance port ${user?.instancePort} uses it, as the service says`;
      return user && { stop: { why, inDoubt: !seen, used: true }, maybeOld: true };
    }
  }
}
