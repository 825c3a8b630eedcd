import { readFile } from 'node:fs/promises';
import { textsOf } from './blocks.js';

/** The address of the clients in the tests of recipes. Other systems than Linux have 127.0.0.1 only. */
export const client = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';

/** The README's only block of a language. */
export async function recipe(language: string): Promise<string> {
  const [text, ...more] = textsOf(await readFile('README.md', 'utf8'), language);
  if (text === undefined || more.length > 0) throw new Error(`the README has no single block of ${language}`);
  return text;
}

/** A recipe as it is run here: each part is put in the place of another that must stand there. */
export function adapted(text: string, parts: Readonly<Record<string, string>>): string {
  let here = text;
  for (const [part, replacement] of Object.entries(parts)) {
    if (!here.includes(part)) throw new Error(`the recipe has no ${part}`);
    here = here.replaceAll(part, replacement);
  }
  return here;
}
