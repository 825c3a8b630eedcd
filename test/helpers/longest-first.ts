import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, from half a minute to two. A fresh clone has no times of an earlier run to sort by, and one
 * of these that begins last is waited for alone.
 */
const long = [
  'peers/verify-mail',
  'e2e/fresh-clone',
  'e2e/races',
  'e2e/readme',
  'peers/verify-haproxy',
  'e2e/guard-matrix',
  'peers/verify-nginx',
  'e2e/guard-alarm',
  'probe/servers',
  'e2e/fleet',
  'e2e/call-counts',
  'e2e/package',
  'peers/identity',
  'e2e/locks',
  'e2e/verify-instances',
  'e2e/prompts',
  'e2e/kills',
  'e2e/guard-phases',
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
