import type { Plan } from './plan.js';
import type { PlanChange } from './plan-change.js';
import type { Report, ReportedChange } from './report.js';
import type { SetPoliciesStep, Step } from './step.js';

/** The changes of a plan or report that have something to do. */
export function pendingChanges<C extends { readonly steps: readonly unknown[] }>({
  changes,
}: {
  readonly changes: readonly C[];
}): readonly C[] {
  return changes.filter(({ steps }) => steps.length > 0);
}

/** How many load balancers some changes are about: a Network Load Balancer has a separate change for each target group. */
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

/** The steps that replace a list, with everything that a report adds to them. */
export function setSteps<S extends Step>(
  steps: readonly S[],
): readonly (SetPoliciesStep & Omit<S, keyof Step>)[] {
  return steps.filter((step) => step.call === 'SetLoadBalancerPoliciesForBackendServer') as never;
}

/** The instance ports whose lists are replaced, in the order of the steps. */
export function writtenPorts(steps: readonly Step[]): readonly number[] {
  return setSteps(steps).map(({ instancePort }) => instancePort);
}

/** The policies and ports that a change creates, deletes and leaves alone, as every layout shows them. */
export interface ChangeFacts {
  /** Policies that the steps create. */
  readonly created: readonly string[];
  /** Policies that the steps delete. */
  readonly deleted: readonly string[];
  /** Policies that leave a port and stay on the load balancer. */
  readonly staying: readonly string[];
  /** Requested instance ports that need no call. */
  readonly unwritten: readonly number[];
}

/** The facts of one change of a plan or a report; a target group has only its one step. */
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

/** The changes of a report in which any step was carried out. */
export function doneChanges({ changes }: Pick<Report, 'changes'>): readonly ReportedChange[] {
  return changes.filter(({ steps }) => steps.some(({ outcome }) => outcome === 'done'));
}

interface PlanFacts {
  /** The changes that have something to do. */
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
