import { type ApplyOptions, applyPlan as carryOut } from './app/apply-plan.js';
import type { HistoryEntry } from './app/history.js';
import { type LockWait, type TakenLocks, takeLocks as take } from './app/lock-wait.js';
import { type PlanRequest, makePlan as plan } from './app/make-plan.js';
import type { ElasticLoadBalancing, Journal, Lock, MachineLocks, WriteDependencies } from './app/ports.js';
import { makeUndoPlan as planUndo } from './app/undo.js';
import type { Plan } from './core/plan.js';
import type { Report } from './core/report.js';
import { usageError } from './errors.js';
import { makeWithin } from './journal/make-directory.js';
import { newChangeId } from './journal/new-change-id.js';
import { holderOf, processSight } from './journal/processes.js';
import { type MachineLockOptions, openMachineLocks as openLocks } from './lock/machine-locks.js';
import { systemClock } from './system-clock.js';
import { version } from './version.js';

// The use cases with what a program rarely decides: time, names of changes, whose events go nowhere, no signal.

/** One region's API, or how to get the API of a region. */
export type Apis = ElasticLoadBalancing | WriteDependencies['api'];

type Optional<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

const defaults = {
  clock: systemClock,
  emit: (): void => undefined,
  tool: `elb-proxy ${version}`,
};

/** What applying a plan needs; with defaults for all but the API and the journal. */
export type ApplyDependencies = Partial<Omit<WriteDependencies, 'api' | 'journal'>> & {
  readonly api: Apis;
  readonly journal: Journal;
};

/**
 * Carries out a plan, or refuses; never rejects for what the service or the world did: the report says it. By default
 * events go nowhere, nothing interrupts it, and no lock is asked for.
 */
export function applyPlan(
  made: Plan,
  options: ApplyOptions,
  { api, ...given }: ApplyDependencies,
): Promise<Report> {
  const { clock } = { ...defaults, ...given };
  return carryOut(made, options, {
    ...defaults,
    newChangeId: () => newChangeId(clock.now()),
    signal: new AbortController().signal,
    ...given,
    api: apiOf(api),
  });
}

/**
 * Reads what a change needs to know and makes its plan; writes nothing.
 * @throws ElbProxyError for a load balancer that is not there, a port that is none, or a policy name that is taken
 */
export function makePlan(
  request: PlanRequest extends infer R ? (R extends PlanRequest ? Optional<R, 'tool'> : never) : never,
  dependencies: Optional<Parameters<typeof plan>[1], 'clock' | 'emit'>,
): Promise<Plan> {
  return plan({ ...defaults, ...request }, { ...defaults, ...dependencies });
}

/**
 * Makes the plan that puts back what a change replaced; writes nothing.
 * @throws ElbProxyError where nothing of it is there any more, or it is not as the change left it
 */
export function makeUndoPlan(
  change: HistoryEntry,
  {
    api,
    ...given
  }: Partial<Omit<Parameters<typeof planUndo>[1], 'api'>> & {
    readonly api: Apis;
  },
): Promise<Plan> {
  return planUndo(change, { ...defaults, ...given, api: apiOf(api) });
}

/** Locks of this machine, for all runs that use the same directory: the one of the journal. */
export function openMachineLocks({
  directory,
  ...given
}: Pick<MachineLockOptions, 'directory'> & Partial<MachineLockOptions>): MachineLocks {
  return openLocks({
    directory,
    holder: holderOf(),
    look: processSight,
    now: () => systemClock.now(),
    makeDirectory: makeWithin,
    onLost: () => undefined,
    ...given,
  });
}

/**
 * Takes locks in the order given, waiting a minute for each unless `timeoutMs` says otherwise; several must be asked for
 * in one order everywhere. Pass `stillLocked` on to {@link applyPlan}, and call `release` in the end.
 * @throws ElbProxyError `locked` when time runs out; then nothing is held
 */
export function takeLocks(
  locks: readonly Lock[],
  { journal, ...given }: Pick<LockWait, 'journal'> & Partial<LockWait>,
): Promise<TakenLocks> {
  return take(locks, {
    ...defaults,
    signal: new AbortController().signal,
    timeoutMs: 60_000,
    journal,
    ...given,
  });
}

/** The API of one region serves that region only: a plan may hold others. */
function apiOf(api: Apis): WriteDependencies['api'] {
  if (typeof api === 'function') return api;
  return (region) =>
    region === api.region
      ? Promise.resolve(api)
      : Promise.reject(
          usageError(
            `the API of ${api.region} was given, and ${region} is needed`,
            'give a function of the region',
          ),
        );
}
