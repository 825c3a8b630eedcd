import type { LoadBalancer } from '../model.js';
import { type HazardLevel, type HazardQuestion, hazardsWith, readAgain } from './hazard.js';

/** Hazards of the instances' health. */
export const instanceLevels = {
  'no-healthy-instance': 'warning',
  'unknown-instance-health': 'note',
} as const satisfies Record<string, HazardLevel>;

const hazard = hazardsWith(instanceLevels);

/** Whether any instance serves traffic now. */
export function instanceHazards(
  { instanceStates: states, notRead }: LoadBalancer,
  { asked }: HazardQuestion,
): readonly ReturnType<typeof hazard>[] {
  if (states === undefined) {
    if (!asked) return [];
    return [
      hazard(
        'unknown-instance-health',
        undefined,
        "the instances' health could not be read, so it is not known whether any serves traffic",
        readAgain('DescribeInstanceHealth', notRead?.instanceStates),
      ),
    ];
  }
  if (states.some(({ state }) => state === 'InService')) return [];
  return [
    hazard(
      'no-healthy-instance',
      undefined,
      `${states.length === 0 ? 'no instance is registered' : `${states.length === 1 ? 'the one instance is not' : `none of the ${states.length} instances is`} InService`}: nothing can be verified through the load balancer`,
      'bring an instance into service first, or check the backend directly',
    ),
  ];
}
