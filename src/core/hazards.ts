import { backendLevels } from './hazards/backends.js';
import { connectionHazards, connectionLevels } from './hazards/connections.js';
import type { HazardOf, HazardQuestion } from './hazards/hazard.js';
import { healthCheckHazards, healthCheckLevels } from './hazards/health-check.js';
import { instanceHazards, instanceLevels } from './hazards/instances.js';
import { listenerHazards, listenerLevels } from './hazards/listeners.js';
import { managementHazards, managementLevels } from './hazards/management.js';
import { groupHealthCheckLevels } from './hazards/network/group-health-check.js';
import { groupTargetLevels } from './hazards/network/group-targets.js';
import { groupTrafficLevels } from './hazards/network/group-traffic.js';
import { targetBackendLevels } from './hazards/network/target-backends.js';
import { policyHazards, policyLevels } from './hazards/policies.js';
import { sortedHazards } from './hazards/sorted-hazards.js';
import type { LoadBalancer } from './model.js';

export type { HazardLevel, HazardQuestion, NetworkHazardQuestion } from './hazards/hazard.js';

/** Every hazard code, with its level. */
export const hazardLevels = {
  ...listenerLevels,
  ...healthCheckLevels,
  ...backendLevels,
  ...policyLevels,
  ...managementLevels,
  ...instanceLevels,
  ...connectionLevels,
  ...groupTrafficLevels,
  ...groupHealthCheckLevels,
  ...groupTargetLevels,
  ...targetBackendLevels,
} as const;

/** A hazard's stable code. */
export type HazardCode = keyof typeof hazardLevels;

/** Something to know before a change. */
export type Hazard = HazardOf<HazardCode>;

const subjects = [
  listenerHazards,
  healthCheckHazards,
  policyHazards,
  managementHazards,
  instanceHazards,
  connectionHazards,
] as const;

/** The hazards of some instance ports of a load balancer, worst first, then by port. */
export function hazards(loadBalancer: LoadBalancer, question: HazardQuestion): readonly Hazard[] {
  return sortedHazards(subjects.flatMap((find): readonly Hazard[] => find(loadBalancer, question)));
}

/** Those of some codes that are blockers among the hazards, each once and sorted. */
export function overruledOf(found: readonly Hazard[], codes: readonly HazardCode[]): readonly HazardCode[] {
  const blockers = new Set(found.filter(({ level }) => level === 'blocker').map(({ code }) => code));
  return [...new Set(codes)].filter((code) => blockers.has(code)).toSorted();
}
