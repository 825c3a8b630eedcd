/** Blocks as one text, with an empty line between them and one newline at the end. */
export function joined(blocks: readonly string[]): string {
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
