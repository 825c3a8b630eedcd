import { ElbProxyError } from '../errors.js';

/** All entries of a paged list. */
export async function allOf<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

/** The first entry that matches; pages after it are not asked for. */
export async function findIn<T>(
  pages: AsyncIterable<readonly T[]>,
  matches: (entry: T) => boolean,
): Promise<T | undefined> {
  for await (const page of pages) {
    const found = page.find(matches);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The service's answer, or undefined if it fails with one of the codes, because the resource does not exist. */
export async function unlessGone<T>(answer: Promise<T>, ...codes: readonly string[]): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ElbProxyError && codes.includes(error.code)) return undefined;
    throw error;
  }
}
