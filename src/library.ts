import { type ApplyOptions, applyPlan as carryOut } from './app/apply-plan.js';
import type { HistoryEntry } from './app/history.js';
import { type LockWait, type TakenLocks, takeLocks as take } from './app/lock-wait.js';
import { type PlanRequest, makePlan as plan } from './app/make-plan.js';
import { type NetworkPlanRequest, makeNetworkPlan as planGroups } from './app/network/make-network-plan.js';
import type {
  ElasticLoadBalancing,
  ElasticLoadBalancingV2,
  Journal,
  Lock,
  MachineLocks,
  WriteDependencies,
} from './app/ports.js';
import { makeUndoPlan as planUndo } from './app/undo.js';
import type { OpenOptions } from './aws/open-elastic-load-balancing.js';
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

/** The same for Network Load Balancers. */
export type NetworkApis = ElasticLoadBalancingV2 | NonNullable<WriteDependencies['networkApi']>;

type Optional<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

const defaults = {
  clock: systemClock,
  emit: (): void => undefined,
  tool: `elb-proxy ${version}`,
};

/**
 * What applying a plan needs; with defaults for all but the journal and the API of the kind of load balancers that the plan is
 * about.
 */
export type ApplyDependencies = Partial<Omit<WriteDependencies, 'api' | 'networkApi' | 'journal'>> & {
  readonly api?: Apis | undefined;
  readonly networkApi?: NetworkApis | undefined;
  readonly journal: Journal;
};

/**
 * Carries out a plan, or refuses; never rejects for what the service or the world did: the report says it. By default
 * events go nowhere, nothing interrupts it, and no lock is asked for.
 */
export function applyPlan(
  made: Plan,
  options: ApplyOptions,
  { api, networkApi, ...given }: ApplyDependencies,
): Promise<Report> {
  const { clock } = { ...defaults, ...given };
  return carryOut(made, options, {
    ...defaults,
    newChangeId: () => newChangeId(clock.now()),
    signal: new AbortController().signal,
    ...given,
    api: apiOf(api),
    networkApi: networkApi && apiOf(networkApi),
  });
}

/**
 * Reads what a change needs to know and makes its plan; writes nothing.
 * @throws ElbProxyError for a load balancer that is not there, a port that is not an instance port, or a policy name
 * that is taken
 */
export function makePlan(
  request: PlanRequest extends infer R ? (R extends PlanRequest ? Optional<R, 'tool'> : never) : never,
  dependencies: Optional<Parameters<typeof plan>[1], 'clock' | 'emit'>,
): Promise<Plan> {
  return plan({ ...defaults, ...request }, { ...defaults, ...dependencies });
}

/**
 * The same for target groups of Network Load Balancers.
 * @throws ElbProxyError for a load balancer or a group that is not there, is of another type or on another load balancer
 */
export function makeNetworkPlan(
  request: Optional<NetworkPlanRequest, 'tool'>,
  dependencies: Optional<Parameters<typeof planGroups>[1], 'clock' | 'emit'>,
): Promise<Plan> {
  return planGroups({ ...defaults, ...request }, { ...defaults, ...dependencies });
}

/** The ELBv2 API of one region, which is loaded only here; see `openElasticLoadBalancing`. */
export async function openNetworkLoadBalancing(options: OpenOptions): Promise<ElasticLoadBalancingV2> {
  const network = await import('./aws/network/open-network-load-balancing.js');
  return network.openNetworkLoadBalancing(options);
}

/**
 * Makes the plan that puts back what a change replaced; writes nothing.
 * @throws ElbProxyError if nothing of it is there any more, or it is not as the change left it
 */
export function makeUndoPlan(
  change: HistoryEntry,
  {
    api,
    networkApi,
    ...given
  }: Partial<Omit<Parameters<typeof planUndo>[1], 'api' | 'networkApi'>> &
    Pick<ApplyDependencies, 'api' | 'networkApi'>,
): Promise<Plan> {
  return planUndo(change, {
    ...defaults,
    ...given,
    api: apiOf(api),
    networkApi: networkApi && apiOf(networkApi),
  });
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
function apiOf<T extends { readonly region: string }>(
  api: T | ((region: string) => Promise<T>) | undefined,
): (region: string) => Promise<T> {
  if (api === undefined)
    return (region) =>
      Promise.reject(
        usageError(`no API for Classic load balancers of ${region} is given`, 'give one as api'),
      );
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
