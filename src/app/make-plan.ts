import type { CallerAnswer } from '../core/caller.js';
import { type Intent, stepsFor } from '../core/change.js';
import { choosePorts, type PortChoice } from '../core/choose-ports.js';
import { backendHazards } from '../core/hazards/backends.js';
import { sortedHazards } from '../core/hazards/sorted-hazards.js';
import { type HazardCode, hazards } from '../core/hazards.js';
import type { LoadBalancer } from '../core/model.js';
import { statusCommand } from '../core/next-command.js';
import { type Plan, type PlanChange, plan, planChange } from '../core/plan.js';
import type { BackendResult } from '../core/verify-result.js';
import { usageError } from '../errors.js';
import type { Emit } from './events.js';
import { inspect } from './inspect.js';
import type { Clock, ElasticLoadBalancing } from './ports.js';
import { requireDescribed, requireWhole } from './read.js';
import { notAnInstancePort } from './wrong-name.js';

/** The requested change, before anything is read. */
export type PlanRequest = {
  readonly names: readonly string[];
  readonly ports: PortChoice;
  readonly tool: string;
  /** Blockers to overrule; recorded in the plan. */
  readonly forced?: readonly HazardCode[] | undefined;
} & (
  | { readonly action: 'enable'; readonly policyName?: string | undefined }
  | { readonly action: 'disable'; readonly deletePolicy?: boolean | undefined }
);

/** Probes how the registered instances of a load balancer handle the PROXY line on a port. */
export type ProbeInstances = (
  loadBalancer: LoadBalancer,
  instancePort: number,
) => Promise<readonly BackendResult[]>;

/**
 * Reads the current state and makes the plan; writes nothing.
 * @throws ElbProxyError for an unknown load balancer, a port that is not an instance port, or a taken policy name
 */
export async function makePlan(
  request: PlanRequest,
  {
    api,
    clock,
    emit,
    probeInstances,
    caller,
  }: {
    readonly api: ElasticLoadBalancing;
    readonly clock: Clock;
    readonly emit: Emit;
    /** Absent: the instances are not probed. */
    readonly probeInstances?: ProbeInstances | undefined;
    /** The caller, determined in parallel with the reads; never rejects. */
    readonly caller?: Promise<CallerAnswer> | undefined;
  },
): Promise<Plan> {
  const [found, who] = await Promise.all([
    inspect(api, { names: request.names, detail: 'all', emit }),
    caller,
  ]);
  const changes: PlanChange[] = [];
  for (const loadBalancer of found) changes.push(await changeFor(loadBalancer, request, probeInstances));
  return plan(request.action, changes, {
    tool: request.tool,
    createdAt: clock.now(),
    endpoint: api.endpoint,
    caller: who?.caller,
  });
}

async function changeFor(
  loadBalancer: LoadBalancer,
  request: PlanRequest,
  probeInstances: ProbeInstances | undefined,
): Promise<PlanChange> {
  const { name, region } = loadBalancer;
  requireWhole(loadBalancer);
  const chosen = choosePorts(loadBalancer, request.ports);
  if ('wrong' in chosen) throw notAnInstancePort({ name, region }, chosen.wrong);
  if (chosen.ports.length === 0) {
    throw usageError(
      `load balancer ${name} (${region}) has no TCP or SSL listener, so --all-ports selects nothing`,
      `see its listeners with: ${statusCommand({ name, region })}`,
    );
  }
  requireDescribed(loadBalancer, chosen.ports);
  const steps = stepsFor(loadBalancer, intentOf(request, chosen.ports));
  if ('nameTaken' in steps) {
    const { policyName, takenByType } = steps.nameTaken;
    throw usageError(
      `policy name ${policyName} is taken on load balancer ${name} (${region}) by a policy of type ${takenByType} that does not enable the PROXY protocol`,
      'choose another name with --policy-name',
    );
  }
  const purpose = request.action === 'enable' ? ('on' as const) : ('off' as const);
  const question = { purpose, instancePorts: chosen.ports, asked: true };
  const found = [...hazards(loadBalancer, question)];
  // Only ports that change: the others stay as they are.
  for (const step of probeInstances === undefined ? [] : steps.steps) {
    if (step.call !== 'SetLoadBalancerPoliciesForBackendServer') continue;
    const results = await probeInstances?.(loadBalancer, step.instancePort);
    found.push(...backendHazards(purpose, step.instancePort, results ?? [], loadBalancer));
  }
  return planChange(loadBalancer, chosen.ports, steps.steps, sortedHazards(found), request.forced);
}

function intentOf(request: PlanRequest, instancePorts: readonly number[]): Intent {
  return request.action === 'enable'
    ? { action: 'enable', instancePorts, policyName: request.policyName }
    : { action: 'disable', instancePorts, deletePolicy: request.deletePolicy };
}
