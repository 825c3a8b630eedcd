import type { LoadBalancer } from '../model.js';
import { type HazardLevel, type HazardQuestion, hazardsWith } from './hazard.js';

/** Hazards of connections that are open during the change. */
export const connectionLevels = {
  'long-connections': 'note',
} as const satisfies Record<string, HazardLevel>;

const hazard = hazardsWith(connectionLevels);

/** A change leaves open connections as they are. */
export function connectionHazards(
  _loadBalancer: LoadBalancer,
  { purpose }: HazardQuestion,
): readonly ReturnType<typeof hazard>[] {
  if (purpose === 'status') return [];
  return [
    hazard(
      'long-connections',
      undefined,
      'open connections keep their state: the line is sent only when a backend connection starts',
      'let long connections end, or restart the backend, to change all of them',
    ),
  ];
}
