import { readFile } from 'node:fs/promises';
import { reasonOf } from '../errors.js';
import { demoSeed } from './demo-seed.js';
import { firstIssue } from './first-issue.js';
import { LocalElbError } from './local-elb-error.js';
import { type CheckedSeed, seedSchema } from './seed.js';
import type { Seed } from './seed-shape.js';

/** A seed that cannot be used, and why. */
export const invalidSeed = (what: string, cause?: unknown): LocalElbError =>
  new LocalElbError('SeedInvalid', `The seed is not valid: ${what.replace(/\.$/, '')}.`, { cause });

async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw invalidSeed(`${path} cannot be read: ${reasonOf(error)}`, error);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidSeed(`${path} is not JSON: ${reasonOf(error)}`, error);
  }
}

/** A seed from its name (`demo`), a JSON file's path, or as it is. */
export async function readSeed(seed: string | Seed): Promise<CheckedSeed> {
  let value: unknown = seed;
  if (seed === 'demo') value = demoSeed;
  else if (typeof seed === 'string') {
    value = await readJson(seed);
  }
  const result = seedSchema.safeParse(value);
  if (!result.success) throw invalidSeed(firstIssue(result.error), result.error);
  return result.data;
}
