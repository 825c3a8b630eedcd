import type { Caller, Place } from './caller.js';
import { compareNames } from './compare-names.js';
import { planDigest } from './digest.js';
import { type Hazard, type HazardCode, overruledOf } from './hazards.js';
import { identityOf, type LoadBalancer } from './model.js';
import type { Action, Affected, ClassicChange, InstanceCount, PlanChange } from './plan-change.js';

export type {
  Action,
  Affected,
  AffectedListener,
  ClassicChange,
  InstanceCount,
  PlanChange,
} from './plan-change.js';

import type { ClassicStep } from './step.js';

/** The version of the plan's shape; a minor release may add keys, never change them. */
export const planFormatVersion = 1;

/**
 * The product: the state that was read, the steps to take, and nothing else. Plain data, so that the dry run, the review,
 * the run, the way back and the tests all use the same value. It does not pin instances' health and tags.
 */
export interface Plan {
  readonly formatVersion: typeof planFormatVersion;
  /** `elb-proxy X.Y.Z`. */
  readonly tool: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly action: Action;
  /** Whether there is anything to do. */
  readonly pending: boolean;
  readonly digest: string;
  /** The custom endpoint that was read from, if any. */
  readonly endpoint?: string | undefined;
  /** Who read; the plan is for this account. Absent if that is not known. */
  readonly caller?: Caller | undefined;
  /** The change that an undo puts back. */
  readonly undoes?: string | undefined;
  readonly changes: readonly PlanChange[];
}

/** Where and when a plan is made. */
interface PlanOrigin extends Place {
  readonly tool: string;
  readonly createdAt: Date;
  readonly undoes?: string | undefined;
}

/** Puts changes into a plan: sorted by region and name, with the digest of them. */
export function plan(action: Action, changes: readonly PlanChange[], origin: PlanOrigin): Plan {
  const sorted = changes.toSorted(
    (a, b) =>
      compareNames(a.loadBalancer.region, b.loadBalancer.region) ||
      compareNames(a.loadBalancer.name, b.loadBalancer.name) ||
      compareNames(a.targetGroup?.name ?? '', b.targetGroup?.name ?? ''),
  );
  const { caller, endpoint, undoes } = origin;
  return {
    formatVersion: planFormatVersion,
    tool: origin.tool,
    createdAt: origin.createdAt.toISOString(),
    action,
    pending: sorted.some((change) => change.steps.length > 0),
    digest: planDigest({ action, endpoint, undoes, changes: sorted }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(caller === undefined ? {} : { caller }),
    ...(undoes === undefined ? {} : { undoes }),
    changes: sorted,
  };
}

/** One Classic load balancer's part of a plan. */
export function planChange(
  loadBalancer: LoadBalancer,
  instancePorts: readonly number[],
  steps: readonly ClassicStep[],
  hazards: readonly Hazard[],
  forced: readonly HazardCode[] = [],
): ClassicChange {
  return {
    loadBalancer: { kind: 'classic', ...identityOf(loadBalancer) },
    affects: affected(loadBalancer, instancePorts),
    steps,
    hazards,
    forced: overruledOf(hazards, forced),
  };
}

/** The blockers of a change that were not overruled. */
export function standingBlockers(change: PlanChange): readonly Hazard[] {
  return change.hazards.filter(({ level, code }) => level === 'blocker' && !change.forced.includes(code));
}

/** How many instances there are and how many are in service; absent if health is not known. */
export function instanceCount(loadBalancer: LoadBalancer): InstanceCount | undefined {
  const states = loadBalancer.instanceStates;
  if (states === undefined) return undefined;
  return { inService: states.filter(({ state }) => state === 'InService').length, total: states.length };
}

function affected(loadBalancer: LoadBalancer, instancePorts: readonly number[]): Affected {
  const listeners = loadBalancer.listeners
    .filter(({ instancePort }) => instancePorts.includes(instancePort))
    .map(({ protocol, loadBalancerPort, instanceProtocol, instancePort }) => ({
      protocol,
      loadBalancerPort,
      instanceProtocol,
      instancePort,
    }))
    .toSorted((a, b) => a.instancePort - b.instancePort || a.loadBalancerPort - b.loadBalancerPort);
  const instances = instanceCount(loadBalancer);
  return {
    instancePorts: instancePorts.toSorted((a, b) => a - b),
    listeners,
    ...(instances === undefined ? {} : { instances }),
  };
}

/** A plan as it is carried out: by whom and at which endpoint. Its digest stays that of the plan that was reviewed. */
export function carriedOutAt(made: Plan, { caller, endpoint }: Place): Plan {
  return { ...made, caller, endpoint };
}
