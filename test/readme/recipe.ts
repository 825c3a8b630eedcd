import { textsOf } from './blocks.js';
import { pagePaths, readPage } from './pages.js';

/** The address of the clients in the tests of recipes. Other systems than Linux have 127.0.0.1 only. */
export const client = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';

/** The only block of a language, in the README or the manual. */
export function recipe(language: string): string {
  const [text, ...more] = pagePaths.flatMap((path) => textsOf(readPage(path), language));
  if (text === undefined || more.length > 0)
    throw new Error(`there is no single block of ${language} in the manual`);
  return text;
}

/** A recipe as it is run here: each part replaces another that must be there. */
export function adapted(text: string, parts: Readonly<Record<string, string>>): string {
  let here = text;
  for (const [part, replacement] of Object.entries(parts)) {
    if (!here.includes(part)) throw new Error(`the recipe has no ${part}`);
    here = here.replaceAll(part, replacement);
  }
  return here;
}
