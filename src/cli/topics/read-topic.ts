import { readFile } from 'node:fs/promises';

/** The Markdown of a topic. The path is the same from here and from the built program. */
export function readTopic(name: string): Promise<string> {
  return readFile(new URL(`../topics/${name}.md`, import.meta.url), 'utf8');
}
