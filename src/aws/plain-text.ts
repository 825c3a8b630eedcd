/**
 * Text from the network or the environment, fit for one line of a message:
 * control, format and unassigned characters become blanks, blanks are folded, and the length is bounded.
 */
export function plainText(text: string, limit = 400): string {
  const folded = text
    .slice(0, limit * 8)
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return folded.length <= limit
    ? folded
    : `${folded
        .slice(0, limit - 1)
        .toWellFormed()
        .trimEnd()}…`;
}
