/** One entry of a list's difference: in both, only in the new one, only in the old one. */
export interface DifferenceEntry {
  readonly kind: 'kept' | 'added' | 'removed';
  readonly name: string;
}

/** The whole difference of two ordered lists; an entry that moved is removed in one place and added in another. */
export function listDifference(
  before: readonly string[],
  after: readonly string[],
): readonly DifferenceEntry[] {
  const common = commonLengths(before, after);
  const entries: DifferenceEntry[] = [];
  let old = 0;
  let now = 0;
  while (old < before.length || now < after.length) {
    const removed = before[old];
    const added = after[now];
    if (removed !== undefined && removed === added) {
      entries.push({ kind: 'kept', name: removed });
      old++;
      now++;
    } else if (
      removed !== undefined &&
      (added === undefined || (common[old + 1]?.[now] ?? 0) >= (common[old]?.[now + 1] ?? 0))
    ) {
      entries.push({ kind: 'removed', name: removed });
      old++;
    } else if (added !== undefined) {
      entries.push({ kind: 'added', name: added });
      now++;
    }
  }
  return entries;
}

/** At [i][j]: how long the longest common subsequence of the two lists from i and from j on is. */
function commonLengths(before: readonly string[], after: readonly string[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: before.length + 1 }, () =>
    Array.from({ length: after.length + 1 }, () => 0),
  );
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row === undefined) continue;
      row[j] =
        before[i] === after[j]
          ? (lengths[i + 1]?.[j + 1] ?? 0) + 1
          : Math.max(lengths[i + 1]?.[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}
