/** A block that is shut until someone opens it. The title must be our own words: Markdown is not read in it. */
export function folded(title: string, body: string): string {
  return `<details>\n<summary>${title}</summary>\n\n${body}\n\n</details>`;
}
