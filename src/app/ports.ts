import type { Liveness } from '../core/liveness.js';
import type { InstanceState, LoadBalancer, Policy, Tag } from '../core/model.js';
import type {
  NetworkListener,
  NetworkLoadBalancer,
  Target,
  TargetGroup,
} from '../core/network-load-balancer.js';
import type { Holder, JournalRecord } from '../core/record.js';
import type { ElbProxyError } from '../errors.js';
import type { Emit } from './events.js';

/**
 * How sure we are that a failed call had no effect.
 * `no`: the service refused it before doing anything (a 4xx answer).
 * `throttled`: refused for its rate, nothing was done, worth another try.
 * `unknown`: the answer never came or was broken (a reset, a timeout, a 5xx): only reading again shows.
 */
export type CallEffect = 'no' | 'throttled' | 'unknown';

/** The cost of a rate limit. */
export interface HeldBack {
  readonly ms: number;
  readonly perSecond: number;
}

/**
 * Called right before a write's bytes are sent, after all that could take time: whether the read behind it is still fresh.
 * If not, nothing is sent, and the write rejects with an ElbProxyError of code `not-sent` whose effect is `no`.
 */
export type MaySend = () => boolean;

/** The result of a write call. */
export interface Written {
  readonly requestId?: string | undefined;
}

/**
 * The common part of both APIs, in one region. Every method rejects with an ElbProxyError that carries the wire code.
 * Reads are retried inside; a write is sent once, because whether it may be sent again depends on a fresh read.
 */
interface RegionalApi {
  readonly region: string;
  /** The custom endpoint in use, if any. */
  readonly endpoint?: string | undefined;
  /** How often a call may be tried, if the user has set it; the use case counts a write's attempts. */
  readonly maxAttempts?: number | undefined;
  /** How long a number of reads would be delayed by the rate limit; absent if there is none. */
  readonly heldBack?: ((reads: number) => HeldBack) | undefined;
  /** Makes ready what the first write would otherwise have to wait for; sends nothing. */
  readonly readyToWrite?: (() => Promise<void>) | undefined;
  /** What a failure of one of the writes says about its effect. */
  effectOf(error: unknown): CallEffect;
}

/** The Classic ELB API, as the use cases need it. */
export interface ElasticLoadBalancing extends RegionalApi {
  /** Pages of load balancers, all or by name, each without policies, health and tags. */
  describeLoadBalancers(names?: readonly string[]): AsyncIterable<readonly LoadBalancer[]>;
  /** All policies of a load balancer. */
  describeLoadBalancerPolicies(name: string): Promise<readonly Policy[]>;
  describeInstanceHealth(name: string): Promise<readonly InstanceState[]>;
  /** Tags by load balancer name; asks for 20 names a call. */
  describeTags(names: readonly string[]): Promise<ReadonlyMap<string, readonly Tag[]>>;
  createLoadBalancerPolicy(name: string, policy: Policy, maySend?: MaySend): Promise<Written>;
  deleteLoadBalancerPolicy(name: string, policyName: string, maySend?: MaySend): Promise<Written>;
  setLoadBalancerPoliciesForBackendServer(
    name: string,
    instancePort: number,
    policyNames: readonly string[],
    maySend?: MaySend,
  ): Promise<Written>;
}

/** Which target groups to read; by default all of the region. */
export type TargetGroupFilter =
  | { readonly loadBalancerArn: string }
  | { readonly arns: readonly string[] }
  | { readonly names: readonly string[] };

/** The ELBv2 API, as the use cases need it: Network Load Balancers and their target groups. */
export interface ElasticLoadBalancingV2 extends RegionalApi {
  /** Pages of Network Load Balancers, without details; `not-a-network-load-balancer` for a name of another type. */
  describeLoadBalancers(names?: readonly string[]): AsyncIterable<readonly NetworkLoadBalancer[]>;
  /** Pages of target groups, also those of other load balancers, each without attributes, targets and tags. */
  describeTargetGroups(filter?: TargetGroupFilter): AsyncIterable<readonly TargetGroup[]>;
  /** A group's attributes by key; a key that the service does not list is absent. */
  describeTargetGroupAttributes(arn: string): Promise<Readonly<Record<string, string>>>;
  describeListeners(loadBalancerArn: string): Promise<readonly NetworkListener[]>;
  describeTargetHealth(arn: string): Promise<readonly Target[]>;
  /** Tags by ARN, of load balancers and groups alike; asks for 20 ARNs a call. */
  describeTags(arns: readonly string[]): Promise<ReadonlyMap<string, readonly Tag[]>>;
  /** Sets one attribute of a group; the others stay. */
  modifyTargetGroupAttributes(arn: string, key: string, value: string, maySend?: MaySend): Promise<Written>;
}

/** Time, so that tests need none. */
export interface Clock {
  now(): Date;
  /** Resolves after `ms` milliseconds; never rejects. */
  sleep(ms: number): Promise<void>;
  /** Calls back after `ms` milliseconds, unless the returned function is called first. Absent if nothing takes long. */
  readonly alarm?: ((ms: number, ring: () => void) => () => void) | undefined;
}

/** The journal's records, and its unreadable parts. */
export interface JournalContents {
  /** In the order in which they were written. */
  readonly records: readonly JournalRecord[];
  /** One line for each record that was skipped: which, and why. */
  readonly warnings: readonly string[];
  /** Unreadable lines that may be changes; `after`: the newest change that began before it. */
  readonly lost?: readonly { readonly what: string; readonly after?: string | undefined }[] | undefined;
  /** Whether there are older changes that were not requested. */
  readonly older?: boolean | undefined;
}

/**
 * How much of the journal to read: always from the oldest unfinished change on; also the newest 100 or 1000 changes, or
 * everything.
 */
export type JournalPart = 'unfinished' | 'newest' | 'recent' | 'all';

/** The record of changes on this machine. Once `append` resolves, the record survives a crash. */
export interface Journal {
  /** Rejects with an ElbProxyError of code `journal` when the record is not safely on disk. */
  append(record: JournalRecord): Promise<void>;
  /** Reads everything by default. */
  read(part?: JournalPart): Promise<JournalContents>;
  /** This run. */
  readonly holder: Holder;
  /** Whether the run that wrote a record is still going. `since`: when it did; ISO 8601. */
  liveness(holder: Holder, since: string): Liveness;
}

/** The load balancer that a lock is for. */
export interface LockTarget {
  readonly name: string;
  readonly region: string;
  /** A Network Load Balancer is locked on this machine only. */
  readonly kind?: 'classic' | 'network' | undefined;
}

/** Who holds a lock, as far as that is known. */
export interface LockHolder extends Holder {
  /** ISO 8601, UTC. */
  readonly since: string;
}

/** The result of one attempt to take a lock. `held` without a holder: it is, or may be, held by an unknown run. */
export type LockAttempt =
  | {
      readonly kind: 'taken';
      readonly release: () => Promise<void>;
      /** Whether this run still holds it, according to the latest read of its load balancer; never waits. */
      readonly stillHeld: StillLocked;
    }
  | {
      readonly kind: 'held';
      readonly holder?: LockHolder | undefined;
      /** Why no more is known; reported if waiting did not help. */
      readonly error?: ElbProxyError | undefined;
    };

/** A lock that can be tried repeatedly, without waiting. */
export interface Lock {
  readonly target: LockTarget;
  /** Rejects with an ElbProxyError where waiting would not help. */
  readonly attempt: () => Promise<LockAttempt>;
  /** After failed attempts: makes sure that they leave nothing behind. Never rejects. */
  readonly giveUp?: () => Promise<void>;
}

/** This machine's locks: only one run at a time works on a load balancer. */
export interface MachineLocks {
  readonly lock: (target: LockTarget) => Lock;
}

/** The dependencies of the use cases that write. */
export interface WriteDependencies {
  /** The API of a region. */
  readonly api: (region: string) => Promise<ElasticLoadBalancing>;
  /** The same for Network Load Balancers; without it a plan for one is refused. */
  readonly networkApi?: ((region: string) => Promise<ElasticLoadBalancingV2>) | undefined;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly emit: Emit;
  /** A new change id: unique, and sorts by time. */
  readonly newChangeId: () => string;
  /** Once aborted, the step in flight is finished and recorded, and no other starts. */
  readonly signal: AbortSignal;
  /** Whether this run still has its locks, according to the latest read; absent if it has none. */
  readonly stillLocked?: StillLocked | undefined;
  /** How long to wait for a write to show, in milliseconds; one minute by default. */
  readonly settleMs?: number | undefined;
}

/** Whether the locks of a load balancer are still this run's. Asked right before each write, so it must not wait. */
export type StillLocked = (fresh: LockedAs) => boolean;

/** The part of a read that shows a lock in the load balancer. */
export type LockedAs = LockTarget & Pick<LoadBalancer, 'policies'>;
