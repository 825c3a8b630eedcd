import { setSteps } from '../core/change-facts.js';
import { type HazardCode, hazardLevels } from '../core/hazards.js';
import { sameList } from '../core/merge.js';
import type { ClassicChange, Plan, PlanChange } from '../core/plan.js';
import { proxyPolicyKind } from '../core/policy.js';
import { type ClassicStep, policyOf, type SetPoliciesStep } from '../core/step.js';
import { contradictingGroup } from './contradicting-group.js';

/**
 * Checks that the schema can't express: each load balancer once, steps that belong together and do what the plan's
 * action says, on the ports and with the hazards that it names. Gives the first field that contradicts another.
 */
export function contradiction({ action, changes, pending, undoes }: Plan): string | undefined {
  if ((action === 'undo') !== (undoes !== undefined))
    return `undoes is ${undoes ?? 'missing'}, but action is ${action}`;
  const seen = new Set<string>();
  for (const [index, change] of changes.entries()) {
    const [what, key] = identified(change);
    if (seen.has(key)) return `changes[${index}].${what} is in the plan twice`;
    seen.add(key);
    const wrong =
      change.targetGroup === undefined
        ? contradictingPorts(action, change)
        : contradictingGroup(action, change);
    const besides = wrong ?? beyondHazards(change);
    if (besides !== undefined) return `changes[${index}].${besides}`;
  }
  const has = changes.some(({ steps }) => steps.length > 0);
  return has === pending ? undefined : `pending is ${pending}, but there ${has ? 'are' : 'are no'} steps`;
}

function identified({ loadBalancer: { region, name }, targetGroup }: PlanChange): readonly [string, string] {
  if (targetGroup !== undefined) return [`targetGroup: ${targetGroup.arn}`, targetGroup.arn];
  // The service takes a name in any letter case for the same one.
  return [`loadBalancer: ${region}/${name}`, `${region}/${name}`.toLowerCase()];
}

function contradictingPorts(action: Plan['action'], change: ClassicChange): string | undefined {
  const wrong = contradictingStep(change.steps) ?? beyondAction(action, change.steps);
  return wrong === undefined ? beyondAffected(change) : `steps${wrong}`;
}

/** A step that no plan of this tool has, for any load balancer. */
function contradictingStep(steps: readonly ClassicStep[]): string | undefined {
  const ports = new Set<number>();
  const attached = new Set<string>();
  for (const [index, step] of steps.entries()) {
    if (step.call === 'SetLoadBalancerPoliciesForBackendServer') {
      if (ports.has(step.instancePort)) return `: instance port ${step.instancePort} is set twice`;
      ports.add(step.instancePort);
      const twice = step.after.find((name, position) => step.after.indexOf(name) !== position);
      if (twice !== undefined) return `[${index}].after names ${twice} twice`;
      if (sameList(step.before, step.after)) return `[${index}].after is the same list as before`;
      for (const name of step.after) attached.add(name);
      continue;
    }
    if (proxyPolicyKind(policyOf(step)) !== 'on')
      return `[${index}].attributes is wrong: ProxyProtocol is true in every policy that a plan creates or deletes`;
    if (attached.has(step.policyName))
      return step.call === 'CreateLoadBalancerPolicy'
        ? `[${index}]: policy ${step.policyName} is attached before it is created`
        : `[${index}]: policy ${step.policyName} is deleted while it is attached`;
  }
  return undefined;
}

/** A step that a plan of this action never has. An undo may have any step: that depends on the change that it reverts. */
function beyondAction(action: Plan['action'], steps: readonly ClassicStep[]): string | undefined {
  if (action === 'undo') return undefined;
  const sets = setSteps(steps);
  for (const [index, step] of steps.entries()) {
    const wrong = action === 'enable' ? beyondEnable(step, sets) : beyondDisable(step);
    if (wrong !== undefined) return `[${index}] ${wrong}, and action is ${action}`;
  }
  return undefined;
}

function beyondEnable(step: ClassicStep, sets: readonly SetPoliciesStep[]): string | undefined {
  switch (step.call) {
    case 'CreateLoadBalancerPolicy':
      return sets.some((set) => added(set).includes(step.policyName))
        ? undefined
        : `creates policy ${step.policyName}, which is put on no port`;
    case 'SetLoadBalancerPoliciesForBackendServer': {
      const more = added(step);
      if (more.length > 1 || (more.length === 1 && step.after.at(-1) !== more[0]))
        return `puts ${more.join(', ')} on instance port ${step.instancePort}, which is not one policy at the end`;
      return step.after.length === 0
        ? `takes every policy off instance port ${step.instancePort}`
        : undefined;
    }
    case 'DeleteLoadBalancerPolicy':
      return `deletes policy ${step.policyName}`;
  }
}

function beyondDisable(step: ClassicStep): string | undefined {
  switch (step.call) {
    case 'CreateLoadBalancerPolicy':
      return `creates policy ${step.policyName}`;
    case 'SetLoadBalancerPoliciesForBackendServer': {
      const more = added(step);
      return more.length === 0 ? undefined : `puts ${more.join(', ')} on instance port ${step.instancePort}`;
    }
    case 'DeleteLoadBalancerPolicy':
      return undefined;
  }
}

function added({ before, after }: SetPoliciesStep): readonly string[] {
  return after.filter((name) => !before.includes(name));
}

/** The ports that are set must be the ones that `affects` shows. */
function beyondAffected({ affects, steps, hazards }: ClassicChange): string | undefined {
  const { instancePorts, listeners } = affects;
  const twice = instancePorts.find((port, position) => instancePorts.indexOf(port) !== position);
  if (twice !== undefined) return `affects.instancePorts names ${twice} twice`;
  for (const [index, step] of steps.entries()) {
    if ('instancePort' in step && !instancePorts.includes(step.instancePort))
      return `affects.instancePorts lacks ${step.instancePort}, which steps[${index}] sets`;
  }
  const stray = listeners.findIndex(({ instancePort }) => !instancePorts.includes(instancePort));
  if (stray !== -1)
    return `affects.listeners[${stray}] forwards to instance port ${listeners[stray]?.instancePort}, which affects.instancePorts lacks`;
  const foreign = hazards.findIndex(
    ({ instancePort }) => instancePort !== undefined && !instancePorts.includes(instancePort),
  );
  return foreign === -1
    ? undefined
    : `hazards[${foreign}].instancePort is ${hazards[foreign]?.instancePort}, which affects.instancePorts lacks`;
}

/** A blocker is called one, and only a blocker that is shown is overruled. */
function beyondHazards({ hazards, forced }: PlanChange): string | undefined {
  for (const [index, { code, level }] of hazards.entries()) {
    if (level !== hazardLevels[code])
      return `hazards[${index}].level is ${level}, and ${code} is a ${hazardLevels[code]}`;
  }
  const isShown = (code: HazardCode): boolean =>
    hazards.some((hazard) => hazard.code === code && hazard.level === 'blocker');
  const unseen = forced.findIndex((code) => !isShown(code));
  return unseen === -1
    ? undefined
    : `forced[${unseen}] is ${forced[unseen]}, which is not a blocker among the hazards`;
}
