/** Names that a message holds: no message is to outgrow what a plan file and the journal take of one. */
const most = 10;

/** Names for a sentence: the first ones, and how many there are besides. */
export function nameSome(names: readonly string[]): string {
  const rest = names.length - most;
  return `${names.slice(0, most).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
