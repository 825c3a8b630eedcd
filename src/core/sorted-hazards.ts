import type { Hazard } from './hazards.js';

/** Worst first, then by port and code. */
export function sortedHazards(found: readonly Hazard[]): readonly Hazard[] {
  return found.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      (a.instancePort ?? 0) - (b.instancePort ?? 0) ||
      (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  );
}

function rank({ level }: Hazard): number {
  return { blocker: 0, warning: 1, note: 2 }[level];
}
