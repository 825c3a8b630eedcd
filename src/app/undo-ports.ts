import { setSteps, writtenPorts } from '../core/change-facts.js';
import { drift, movedIdentity } from '../core/drift.js';
import { hazards } from '../core/hazards.js';
import { invertStep } from '../core/invert.js';
import { inOrderOf, sameList } from '../core/merge.js';
import { type LoadBalancer, policyNamesOn } from '../core/model.js';
import { type ClassicChange, planChange } from '../core/plan.js';
import { sightOf } from '../core/sight.js';
import { simulate } from '../core/simulate.js';
import { type ClassicStep, switchesOn } from '../core/step.js';
import { inspect } from './inspect.js';
import { unlessGone } from './pages.js';
import { requireWhole } from './read.js';
import {
  anotherOne,
  holdToEndpoint,
  leftOtherwise,
  type UndoDependencies,
  type Undoing,
  type Undone,
} from './undoing.js';

/** The change that undoes a change of a Classic load balancer. */
export async function undonePorts(
  undoing: Undoing<ClassicChange, ClassicStep>,
  { api: open, emit }: UndoDependencies,
): Promise<Undone> {
  const { name, region } = undoing.made.loadBalancer;
  const api = await open(region);
  const { endpoint } = api;
  holdToEndpoint(undoing, endpoint);
  const found = inspect(api, { names: [name], detail: 'all', emit });
  const [fresh] = (await unlessGone(found, 'LoadBalancerNotFound')) ?? [];
  return fresh === undefined
    ? { endpoint, gone: `load balancer ${name} (${region})` }
    : { endpoint, change: undoChange(undoing, fresh) };
}

function undoChange(
  { entry, made, standing, young }: Undoing<ClassicChange, ClassicStep>,
  fresh: LoadBalancer,
): ClassicChange {
  const { instancePorts } = made.affects;
  // If nothing is to be put back, the load balancer's state does not matter.
  if (standing.length === 0) return planChange(fresh, instancePorts, [], []);
  const moved = movedIdentity(made.loadBalancer, fresh);
  if (moved.length > 0) throw anotherOne(entry, made, moved);
  requireWhole(fresh);
  const inverse = standing.map((step) => invertStep(step)).toReversed();
  const needed = inverse.flatMap((step) => neededStep(step, fresh, young));
  const steps = needed.filter((step) => !usedElsewhere(step, needed, fresh));
  const drifted = drift(made, steps, fresh);
  if (drifted.length > 0)
    throw leftOtherwise(entry, made.loadBalancer, drifted, { port: writtenPorts(made.steps).join(',') });
  const found = hazards(fresh, { purpose: switchesOn(steps) ? 'on' : 'off', instancePorts, asked: true });
  // Blockers stop enable only: an undo puts back what someone had decided. The plan shows what it overrules.
  const forced = found.filter(({ level }) => level === 'blocker').map(({ code }) => code);
  return planChange(fresh, instancePorts, steps, found, [...new Set(forced)]);
}

/** The steps still needed to undo a step; a young change's list is written again even if it already reads as before. */
function neededStep(step: ClassicStep, fresh: LoadBalancer, young: boolean): readonly ClassicStep[] {
  const { kind, reordered } = sightOf(step, fresh);
  if (step.call !== 'SetLoadBalancerPoliciesForBackendServer') return kind === 'after' ? [] : [step];
  const found = policyNamesOn(fresh, step.instancePort);
  if (kind === 'after') return young && reordered !== true ? [{ ...step, before: step.after }] : [];
  // In another order, which is the service's own or someone else's: it is kept, and the plan is pinned to it.
  return sameList(found.toSorted(), step.before.toSorted())
    ? [{ ...step, before: found, after: inOrderOf(found, step.after) }]
    : [step];
}

/** A policy that the change made, and that someone attached to another port since, stays. */
function usedElsewhere(step: ClassicStep, needed: readonly ClassicStep[], fresh: LoadBalancer): boolean {
  if (step.call !== 'DeleteLoadBalancerPolicy') return false;
  const sets = setSteps(needed);
  return simulate(fresh, sets).backendServers.some(({ policyNames }) =>
    policyNames.includes(step.policyName),
  );
}
