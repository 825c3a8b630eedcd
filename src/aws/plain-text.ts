/** Text from outside on one line: control characters and blanks become single blanks, and the length is bounded. */
export function plainText(text: string, limit = 400): string {
  const folded = text
    .slice(0, limit * 8)
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  if (folded.length <= limit) return folded;
  // Half of a surrogate pair must not be left at the cut.
  return `${folded.slice(0, limit - 1).replace(/[\uD800-\uDBFF\s]+$/, '')}…`;
}
