import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { regionsBeside } from '../../src/aws/regions.js';

/** The SDK's own table, which its package does not export. */
async function sdkPartitions(): Promise<readonly { id: string; regions: Record<string, unknown> }[]> {
  const core = dirname(createRequire(import.meta.url).resolve('@aws-sdk/core/package.json'));
  const path = join(core, 'dist-es/submodules/client/util-endpoints/lib/aws/partitions.js');
  const literal = (await readFile(path, 'utf8'))
    .replace(/^export const partitionsInfo = /, '')
    .replace(/;\s*$/, '');
  return JSON.parse(
    literal.replaceAll(/\\-/g, '\\\\-').replaceAll(/"regionRegex": .*/g, '"regionRegex": "",'),
  ).partitions;
}

describe('the regions beside one', () => {
  it('are those that the SDK knows of the same partition', async () => {
    for (const { regions } of await sdkPartitions()) {
      const real = Object.keys(regions).filter((name) => !name.endsWith('-global'));
      for (const region of real) expect(regionsBeside(region)).toEqual(real.toSorted());
    }
  });

  it('include one that the table does not know yet; one of an unknown partition is on its own', () => {
    expect(regionsBeside('eu-west-9')).toContain('eu-west-9');
    expect(regionsBeside('eu-west-9')).toContain('us-east-1');
    expect(regionsBeside('local')).toEqual(['local']);
  });
});
