import { inOrderOf } from '../core/merge.js';
import type { StepReference } from '../core/record.js';
import type { StepOutcome } from '../core/report.js';
import { ElbProxyError } from '../errors.js';
import type { StandingWrite } from './switched.js';
import type { WriteResult } from './write-step.js';

interface StepResult {
  readonly outcome: StepOutcome;
  readonly requestId?: string | undefined;
}

/** A run's progress: the outcome of each step, and which steps may be in effect. */
export interface Ledger {
  readonly resultOf: (change: number, step: number) => StepResult;
  /** In the order in which they were written. */
  readonly standing: readonly StandingWrite[];
  /** Marks a load balancer as done: every step is carried out, without an objection. */
  readonly completed: (change: number) => void;
  /** The standing writes of load balancers that were completed, and all others. */
  readonly byCompletion: () => Readonly<Record<'completed' | 'begun', readonly StandingWrite[]>>;
  readonly wrote: (
    write: Omit<StandingWrite, 'seen' | 'taken' | 'waited'>,
    result: WriteResult<unknown>,
  ) => void;
  /** Whether any step may or may not be in effect. */
  readonly inDoubt: () => boolean;
  readonly rolledBack: (write: StandingWrite) => void;
  /** Taking it back was tried, but it is not known whether that worked. */
  readonly lostSight: (write: StandingWrite) => void;
  /** It could not be taken back, and is in effect. */
  readonly stayed: (write: StandingWrite) => void;
}

/** An empty ledger. */
export function makeLedger(): Ledger {
  const results = new Map<string, StepResult>();
  const standing: StandingWrite[] = [];
  const completed = new Set<number>();
  const turn = ({ reference }: StandingWrite, outcome: StepOutcome): void => {
    results.set(keyOf(reference), { ...results.get(keyOf(reference)), outcome });
  };
  return {
    standing,
    resultOf: (change, step) => results.get(keyOf({ change, step })) ?? { outcome: 'not-run' },
    completed: (change) => {
      completed.add(change);
    },
    byCompletion: () => ({
      completed: standing.filter(({ reference }) => completed.has(reference.change)),
      begun: standing.filter(({ reference }) => !completed.has(reference.change)),
    }),
    wrote: (write, result) => {
      const outcome = outcomeOf(result);
      results.set(keyOf(write.reference), { outcome, requestId: requestIdOf(result) });
      if (outcome !== 'done' && outcome !== 'unknown') return;
      const { step } = write;
      const shownAs = result.kind === 'done' ? result.shownAs : undefined;
      standing.push({
        ...write,
        // With the list and the order that the service shows.
        step:
          step.call !== 'SetLoadBalancerPoliciesForBackendServer' || shownAs === undefined
            ? step
            : { ...step, before: inOrderOf(shownAs, step.before), after: shownAs },
        seen: outcome === 'done',
        taken: result.kind !== 'unknown' || result.taken,
        waited: result.kind === 'unknown' && result.waited,
      });
    },
    inDoubt: () => [...results.values()].some(({ outcome }) => outcome === 'unknown'),
    rolledBack: (write) => turn(write, 'rolled-back'),
    lostSight: (write) => turn(write, 'unknown'),
    stayed: (write) => turn(write, 'done'),
  };
}

function keyOf({ change, step }: Pick<StepReference, 'change' | 'step'>): string {
  return `${change}/${step}`;
}

function outcomeOf(result: WriteResult<unknown>): StepOutcome {
  switch (result.kind) {
    case 'done':
    case 'overwritten':
      return 'done';
    case 'stopped':
      return 'not-run';
    case 'failed':
      return 'failed';
    case 'unknown':
      return 'unknown';
  }
}

function requestIdOf(result: WriteResult<unknown>): string | undefined {
  if (result.kind === 'done') return result.requestId;
  return 'error' in result && result.error instanceof ElbProxyError ? result.error.requestId : undefined;
}
