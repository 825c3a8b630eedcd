import { sizeOf } from './fit.js';

/** A table; cells are Markdown already and hold no bars and no line breaks. */
export function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heading, heading.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Items under each other in one cell. */
export function cellLines(items: readonly string[]): string {
  return items.length === 0 ? 'none' : items.join('<br>');
}

/** A table of as many rows as fit into so many bytes, and how many are left. */
export function tableWithin(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  room: number,
): { readonly table: string; readonly left: number } {
  let used = 0;
  const fitting = rows.findIndex((row) => {
    used += sizeOf(row.join(' | ')) + 5;
    return used > room;
  });
  const shown = fitting === -1 ? rows : rows.slice(0, fitting);
  return { table: markdownTable(heading, shown), left: rows.length - shown.length };
}
