import type { Plan } from '../../core/plan.js';
import { ElbProxyError, usageError } from '../../errors.js';
import type { Option, OptionValues } from '../options.js';

/** Holding a run to the plan that was reviewed. */
export const digestOption = {
  'expect-digest': {
    type: 'text',
    value: 'DIGEST',
    describe: 'go on only if the plan has the digest that was reviewed (in full; sha256: may be left out)',
  },
} as const satisfies Record<string, Option>;

/** `--expect-digest` as a plan carries it. Never abbreviated: a collision of half a digest is easy to find on purpose. */
export function expectedDigestOf({
  'expect-digest': text,
}: OptionValues<typeof digestOption>): string | undefined {
  if (text === undefined) return undefined;
  const [, digits] = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(text) ?? [];
  if (digits !== undefined) return `sha256:${digits.toLowerCase()}`;
  throw usageError(
    `--expect-digest ${text}: a digest is sha256: and 64 hexadecimal digits`,
    'copy all of it from the plan: elb-proxy ... --dry-run shows it',
  );
}

/** An error if a plan is not the one that was reviewed; undefined if it is, or if nothing is expected. */
export function digestMismatch({ digest }: Plan, expected: string | undefined): ElbProxyError | undefined {
  if (expected === undefined || expected === digest) return undefined;
  return new ElbProxyError(
    `the plan is not the one that was reviewed: its digest is ${digest}, expected was ${expected}. Nothing was written.`,
    {
      code: 'digest-mismatch',
      fault: 'world',
      hint: 'something has changed since, or the request is different: look at the plan with --dry-run, and have it reviewed again',
    },
  );
}
