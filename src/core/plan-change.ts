import type { Hazard, HazardCode } from './hazards.js';
import type { ClassicIdentity, Listener } from './model.js';
import type { NetworkChange } from './network/network-change.js';
import type { ClassicStep } from './step.js';

/** The purpose of a plan. */
export type Action = 'enable' | 'disable' | 'undo';

/** A listener as a plan shows it: who is touched when an instance port changes. */
export type AffectedListener = Omit<Listener, 'policyNames'>;

/** How many instances are registered, and how many the load balancer would send traffic to now. */
export interface InstanceCount {
  readonly inService: number;
  readonly total: number;
}

/** The blast radius of a change of a Classic load balancer. */
export interface Affected {
  /** The instance ports that were asked for, ascending; including those with nothing to do. */
  readonly instancePorts: readonly number[];
  /** The listeners that forward to these ports. */
  readonly listeners: readonly AffectedListener[];
  /** Absent if instances' health is not known. */
  readonly instances?: InstanceCount | undefined;
}

/** The change to one Classic load balancer's instance ports; no steps where the goal already holds. */
export interface ClassicChange {
  readonly loadBalancer: ClassicIdentity;
  /** Distinguishes the two kinds. */
  readonly targetGroup?: undefined;
  readonly affects: Affected;
  readonly steps: readonly ClassicStep[];
  readonly hazards: readonly Hazard[];
  /** Blockers that were overruled when the plan was made; the reviewer sees them. */
  readonly forced: readonly HazardCode[];
}

/** The change to a Classic load balancer's ports, or to a target group: then it has `targetGroup`. */
export type PlanChange = ClassicChange | NetworkChange;
