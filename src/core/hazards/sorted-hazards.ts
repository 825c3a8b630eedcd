import type { HazardOf } from './hazard.js';

/** Worst first, then by port and code. */
export function sortedHazards<H extends HazardOf<string>>(found: readonly H[]): readonly H[] {
  return found.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      (a.instancePort ?? 0) - (b.instancePort ?? 0) ||
      (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  );
}

function rank({ level }: HazardOf<string>): number {
  return { blocker: 0, warning: 1, note: 2 }[level];
}
