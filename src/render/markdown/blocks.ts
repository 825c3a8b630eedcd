import { sizeOf } from './fit.js';

/** Blocks as one text, with an empty line between them and one newline at the end. */
export function joined(blocks: readonly string[]): string {
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** Lines as a fenced block; the fence is longer than any in them. */
export function fenced(language: string, lines: readonly string[]): string {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []);
  const fence = '`'.repeat(Math.max(2, ...runs.map((run) => run.length)) + 1);
  return [`${fence}${language}`, ...lines, fence].join('\n');
}

/** A block that is shut until someone opens it. The title must be our own words: Markdown is not read in it. */
export function folded(title: string, body: string): string {
  return `<details>\n<summary>${title}</summary>\n\n${body}\n\n</details>`;
}

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
