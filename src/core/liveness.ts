import type { Holder } from './record.js';

/** Whether the run that began a change is still going: `unknown` if that can't be seen from here. */
export type Liveness = 'running' | 'over' | 'unknown';

/** A process id's state on this machine. */
export interface ProcessSight {
  readonly alive: boolean;
  /** When the process began, as this system counts it within one boot; absent if it does not say. */
  readonly started?: string | undefined;
  /** The same by the wall clock, in milliseconds since 1970, give or take a second. */
  readonly startedAt?: number | undefined;
}

/** Tolerance in milliseconds: the wall-clock time of a start is computed from two other clocks. */
const toleranceMs = 2000;

/**
 * Whether a run is still going. A process id alone proves nothing: other hosts, containers and boots reuse numbers.
 * @param since when the holder was seen running; ISO 8601
 * @param look returns the state of a process id on this machine
 */
export function livenessOf(
  holder: Holder,
  since: string,
  self: Holder,
  look: (pid: number) => ProcessSight,
): Liveness {
  if (holder.host !== self.host || differ(holder.machine, self.machine)) return 'unknown';
  if (differ(holder.boot, self.boot)) return holder.machine === undefined ? 'unknown' : 'over';
  if (holder.space !== self.space && holder.boot !== undefined) return 'unknown';
  const isOwnId = holder.pid === self.pid;
  // Without a start it was written by an earlier process of the same number, else by a library that runs several.
  if (isOwnId && holder.started === undefined) return 'over';
  const { alive, started, startedAt } = isOwnId
    ? { ...self, alive: true, startedAt: undefined }
    : look(holder.pid);
  if (!alive) return 'over';
  if (holder.started !== undefined && started !== undefined) {
    if (holder.started !== started) return 'over';
    return isOwnId ? 'unknown' : 'running';
  }
  return startedAt !== undefined && startedAt > Date.parse(since) + toleranceMs ? 'over' : 'running';
}

function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}
