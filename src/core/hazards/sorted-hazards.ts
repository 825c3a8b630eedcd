import { compareNames } from '../compare-names.js';
import type { HazardOf } from './hazard.js';

/** Worst first, then by port or target group and code. */
export function sortedHazards<H extends HazardOf<string>>(found: readonly H[]): readonly H[] {
  return found.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      (a.instancePort ?? 0) - (b.instancePort ?? 0) ||
      compareNames(a.targetGroup ?? '', b.targetGroup ?? '') ||
      compareNames(a.code, b.code),
  );
}

function rank({ level }: HazardOf<string>): number {
  return { blocker: 0, warning: 1, note: 2 }[level];
}
