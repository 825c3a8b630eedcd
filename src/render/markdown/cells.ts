/** A table; cells are Markdown already and hold no bars and no line breaks. */
export function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heading, heading.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Items under each other in one cell. */
export function cellLines(items: readonly string[]): string {
  return items.length === 0 ? 'none' : items.join('<br>');
}
