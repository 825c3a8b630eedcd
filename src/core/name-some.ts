/** The most names in a message: it must fit the limits of a plan file and the journal. */
const most = 10;

/** Lists names for a sentence: the first ones, and how many more there are. */
export function nameSome(names: readonly string[]): string {
  const rest = names.length - most;
  return `${names.slice(0, most).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
