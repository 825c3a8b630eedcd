/** Lines as one text that ends in one newline; nothing for no lines. Trailing spaces go, for what is piped or compared. */
export function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
