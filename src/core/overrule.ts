import { planDigest } from './digest.js';
import { type HazardCode, overruledOf } from './hazards.js';
import type { Plan, PlanChange } from './plan.js';

/**
 * The same plan with more blockers overruled, as by `--force`, also in its digest.
 * @param codesFor the codes to overrule on one load balancer; those that don't block it are left out
 */
export function overrule(plan: Plan, codesFor: (change: PlanChange) => readonly HazardCode[]): Plan {
  const changes = plan.changes.map((change) => {
    const more = overruledOf(change.hazards, codesFor(change)).filter(
      (code) => !change.forced.includes(code),
    );
    return more.length === 0 ? change : { ...change, forced: [...change.forced, ...more].toSorted() };
  });
  return { ...plan, changes, digest: planDigest({ ...plan, changes }) };
}
