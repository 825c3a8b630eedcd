import { createHash } from 'node:crypto';
import type { HazardCode } from './hazards.js';
import type { ClassicChange, PlanChange } from './plan-change.js';

/** JSON with sorted keys and without absent values, so that equal data gives equal text. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** The parts of a plan that its digest covers. */
interface Digested {
  readonly action: string;
  readonly endpoint?: string | undefined;
  readonly undoes?: string | undefined;
  readonly changes: readonly PlanChange[];
}

/**
 * The digest that a reviewer compares: of the state that was read, the steps and the hazards; not of the time, the version,
 * or what changes by itself (instances' health, tags that could not be read, and their hazards).
 */
export function planDigest({ action, endpoint, undoes, changes }: Digested): string {
  const pinned = changes.map(({ steps, hazards, forced, ...change }) => ({
    ...(change.targetGroup === undefined
      ? pinnedPorts(change)
      : {
          loadBalancer: change.loadBalancer,
          targetGroup: change.targetGroup,
          listeners: change.affects.listeners,
        }),
    steps,
    hazards: hazards.filter(({ code, level }) => level === 'blocker' || !moving.has(code)),
    forced,
  }));
  return `sha256:${createHash('sha256')
    .update(canonical({ action, endpoint, undoes, changes: pinned }))
    .digest('hex')}`;
}

function pinnedPorts({ loadBalancer, affects }: Pick<ClassicChange, 'loadBalancer' | 'affects'>) {
  // Plans from before there was another kind do not name their kind.
  const { kind: _, ...identity } = loadBalancer;
  return { loadBalancer: identity, instancePorts: affects.instancePorts, listeners: affects.listeners };
}

/** Hazards that come and go with the instances or targets, or with a read that failed; no blocker is among them. */
const moving: ReadonlySet<HazardCode> = new Set([
  'no-healthy-instance',
  'unknown-instance-health',
  'unknown-tags',
  'backend-inconclusive',
  'target-elsewhere',
  'unknown-elsewhere',
] as const);
