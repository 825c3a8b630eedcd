import type { Plan } from './plan.js';
import type { PlanChange } from './plan-change.js';
import type { Report, ReportedChange } from './report.js';
import type { SetPoliciesStep, Step } from './step.js';

/** The changes of a plan or report in which something is to be done. */
export function pendingChanges<C extends { readonly steps: readonly unknown[] }>({
  changes,
}: {
  readonly changes: readonly C[];
}): readonly C[] {
  return changes.filter(({ steps }) => steps.length > 0);
}

/** How many load balancers some changes are about: of a Network Load Balancer, each target group is a change of its own. */
export function loadBalancerCount(changes: readonly Pick<PlanChange, 'loadBalancer'>[]): number {
  return new Set(
    changes.map(({ loadBalancer: { kind = 'classic', region, name } }) => `${kind}/${region}/${name}`),
  ).size;
}

/** The changes of each load balancer, in their order: those of its target groups together. */
export function byLoadBalancer<C extends Pick<PlanChange, 'loadBalancer'>>(
  changes: readonly C[],
): readonly (readonly [C, ...C[]])[] {
  const found: [C, ...C[]][] = [];
  for (const change of changes) {
    const last = found.at(-1);
    if (last !== undefined && loadBalancerCount([last[0], change]) === 1) last.push(change);
    else found.push([change]);
  }
  return found;
}

/** The steps that replace a list, with whatever else a report says of them. */
export function setSteps<S extends Step>(
  steps: readonly S[],
): readonly (SetPoliciesStep & Omit<S, keyof Step>)[] {
  return steps.filter((step) => step.call === 'SetLoadBalancerPoliciesForBackendServer') as never;
}

/** The instance ports whose lists are replaced, in the order of the steps. */
export function writtenPorts(steps: readonly Step[]): readonly number[] {
  return setSteps(steps).map(({ instancePort }) => instancePort);
}

/** What the steps of a change make, delete and leave alone, as every layout shows it. */
export interface ChangeFacts {
  /** Policies that the steps create. */
  readonly created: readonly string[];
  /** Policies that the steps delete. */
  readonly deleted: readonly string[];
  /** Policies that leave a port and stay on the load balancer. */
  readonly staying: readonly string[];
  /** Instance ports that were asked for and need no call. */
  readonly unwritten: readonly number[];
}

/** The facts of one change of a plan or a report; a target group has nothing to say besides its one step. */
export function changeFacts({
  steps,
  affects,
}: Pick<PlanChange, 'affects'> & { readonly steps: readonly Step[] }): ChangeFacts {
  const namesIn = (call: Step['call']) =>
    steps.flatMap((step) => (step.call === call && 'policyName' in step ? [step.policyName] : []));
  const deleted = namesIn('DeleteLoadBalancerPolicy');
  const left = setSteps(steps).flatMap(({ before, after }) => before.filter((name) => !after.includes(name)));
  const written = writtenPorts(steps);
  return {
    created: namesIn('CreateLoadBalancerPolicy'),
    deleted,
    staying: [...new Set(left)].filter((name) => !deleted.includes(name)),
    unwritten:
      'instancePorts' in affects ? affects.instancePorts.filter((port) => !written.includes(port)) : [],
  };
}

/** The changes of a report of which something was carried out. */
export function doneChanges({ changes }: Pick<Report, 'changes'>): readonly ReportedChange[] {
  return changes.filter(({ steps }) => steps.some(({ outcome }) => outcome === 'done'));
}

/** What a plan comes to. */
export interface PlanFacts {
  /** The changes in which something is to be done. */
  readonly pending: readonly PlanChange[];
  readonly calls: number;
  /** How many load balancers the pending changes are about. */
  readonly loadBalancers: number;
}

/** The facts of a plan. */
export function planFacts(plan: Pick<Plan, 'changes'>): PlanFacts {
  const pending = pendingChanges(plan);
  return {
    pending,
    calls: pending.reduce((sum, { steps }) => sum + steps.length, 0),
    loadBalancers: loadBalancerCount(pending),
  };
}
