/**
 * The word that was probably meant, if one is close: the one that it abbreviates, or else one with at most a third of the
 * letters wrong. Swapped neighbours count as one mistake. If several are equally close, none is suggested.
 */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const word = typed.toLowerCase();
  // Beyond this length no name is close, and comparing would be slow.
  if (word.length > 64) return undefined;
  const begun = [...new Set(known)].filter((candidate) => candidate.toLowerCase().startsWith(word));
  if (word.length > 1 && begun.length === 1) return begun[0];
  const near = [...new Set(known)]
    .map((candidate) => ({ candidate, mistakes: mistakesBetween(word, candidate.toLowerCase()) }))
    .filter(({ candidate, mistakes }) => mistakes <= Math.floor(Math.max(candidate.length, 3) / 3))
    .toSorted((a, b) => a.mistakes - b.mistakes);
  const [best, second] = near;
  return best?.mistakes === second?.mistakes ? undefined : best?.candidate;
}

/** The beginning of a hint: `did you mean --port? `, or empty. */
export function didYouMean(typed: string, known: readonly string[], show = (word: string) => word): string {
  const meant = nearest(typed, known);
  return meant === undefined ? '' : `did you mean ${show(meant)}? `;
}

/** How many letters were left out, added, changed, or swapped with their neighbour (optimal string alignment). */
export function mistakesBetween(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          (last[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (last[j - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (beforeLast[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
