/** A text on one line: what was wrapped for a terminal, its commands without their continuation backslashes. */
export function unwrapped(text: string): string {
  return text.replaceAll(/ \\\n/g, ' ').replaceAll(/\s+/g, ' ');
}
