import { createHash } from 'node:crypto';
import type { PlanChange } from './plan.js';

/** JSON with sorted keys and without absent values, so that equal data gives equal text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/**
 * What a reviewer compares: of what was read (identity, listeners, lists) and what will be done, not of the time,
 * the tool's version, or what moves by itself (instances' health and the hazards that follow from it).
 */
export function planDigest(action: string, changes: readonly PlanChange[], undoes?: string): string {
  const pinned = changes.map(({ loadBalancer, affects, steps, forced }) => ({
    loadBalancer,
    instancePorts: affects.instancePorts,
    listeners: affects.listeners,
    steps,
    forced,
  }));
  return `sha256:${createHash('sha256')
    .update(canonical({ action, undoes, changes: pinned }))
    .digest('hex')}`;
}
