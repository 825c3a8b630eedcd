import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, half a minute and more. A fresh clone has no times of an earlier run to sort by, and one
 * of these that begins last is waited for alone.
 */
const long = [
  'e2e/fresh-clone',
  'e2e/prompts',
  'e2e/fleet',
  'e2e/readme',
  'e2e/package',
  'e2e/locks',
  'e2e/call-counts',
  'probe/servers',
  'e2e/races',
  'e2e/model',
  'e2e/guard-alarm',
  'e2e/guard-matrix',
  'e2e/kills',
  'peers/aws-commands',
  'peers/network-weights',
  'peers/verify-namespaces',
  'peers/verify-mail',
  'e2e/readme-recipes',
].map((name) => `/test/${name}.test.ts`);

/** Begins with the files that take longest, so that the last ones to end are short. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = long.findIndex((path) => moduleId.endsWith(path));
      return at < 0 ? long.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
