import { fc } from '../helpers/fast-check.js';
import type { Verdict } from './fake-load-balancing.js';
import { fakeGuard } from './guards.js';

// What goes wrong with the calls, the clock and the guard of a run, for property tests of either kind of load balancer.

/** For how long a process sleeps, and how old an answer may be that a write rests on, in milliseconds. */
export const sleepMs = 2500;
export const mostAgeMs = 2000;

/** Ten thousand runs take a minute on a busy machine. */
export const patience = 900_000;

/** A call whose answer is lost, before or after it took effect, or that is refused. */
const lost = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom<Verdict>('lost-before', 'lost-after') },
  { weight: 1, arbitrary: fc.constantFrom<Verdict>('throttled', { error: 'AccessDenied' }) },
);

/** What happens to which of a run's writes. */
export const writeFaults = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 8 }), lost), { maxLength: 4 })
  .map((entries) => new Map(entries));

/** A guard that fails at its nth look. */
export function failingGuard(failsAt: number | undefined, all = false) {
  if (failsAt === undefined) return undefined;
  let looks = 0;
  return { windowMs: 2000, holdMs: 1000, all, probes: [fakeGuard('tcp', () => ++looks < failsAt)] };
}

/** What of the claims about one step is not true of the service. */
export function falseClaims(
  outcome: string,
  claimed: string | undefined,
  {
    real,
    before,
    after,
  }: { readonly real: string; readonly before: string | undefined; readonly after: string },
): readonly string[] {
  const nothing = ['rolled-back', 'unchanged', 'refused'].includes(outcome);
  return [
    ...(nothing && real !== before ? [outcome] : []),
    ...(outcome === 'applied' && real !== after ? [outcome] : []),
    ...(claimed === 'done' && real !== after ? [claimed] : []),
    ...(claimed !== undefined && ['not-run', 'failed', 'rolled-back'].includes(claimed) && real !== before
      ? [claimed]
      : []),
  ];
}

/** How a run may end. */
export const everyOutcome = ['applied', 'partial', 'refused', 'rolled-back', 'unchanged'];
