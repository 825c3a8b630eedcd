import { readFile } from 'node:fs/promises';
import { demoSeed } from './demo-seed.js';
import { LocalElbError } from './local-elb-error.js';
import { type CheckedSeed, seedSchema } from './seed.js';
import type { Seed } from './seed-shape.js';
import { firstIssue } from './state-file.js';

/** A seed that cannot be used, and why. */
export const invalidSeed = (what: string, cause?: unknown): LocalElbError =>
  new LocalElbError('SeedInvalid', `The seed is not valid: ${what}.`, { cause });

/** A seed from its name (`demo`), a JSON file's path, or as it is. */
export async function readSeed(seed: string | Seed): Promise<CheckedSeed> {
  let value: unknown = seed;
  if (seed === 'demo') value = demoSeed;
  else if (typeof seed === 'string') {
    try {
      value = JSON.parse(await readFile(seed, 'utf8'));
    } catch (error) {
      throw invalidSeed(`${seed} cannot be read as JSON`, error);
    }
  }
  const result = seedSchema.safeParse(value);
  if (!result.success) throw invalidSeed(firstIssue(result.error), result.error);
  return result.data;
}
