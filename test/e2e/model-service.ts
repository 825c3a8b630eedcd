import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, ElasticLoadBalancing, ElasticLoadBalancingV2, Journal } from '../../src/app/ports.js';
import { openNetworkLoadBalancing } from '../../src/aws/network/open-network-load-balancing.js';
import { openElasticLoadBalancing } from '../../src/aws/open-elastic-load-balancing.js';
import type { CallerAnswer } from '../../src/core/caller.js';
import { openJournal } from '../../src/journal/journal.js';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { type Relay, startRelay } from '../helpers/relay.js';
import { type Service, startService } from '../helpers/service.js';
import { noTampering, type Tampering, tamper } from './model-faults.js';
import { type Host, makeHosts, type Process } from './model-hosts.js';
import { seed } from './model-state.js';

// What the sequences of model.test.ts run on: two accounts behind one endpoint whose load balancers have the same names, a
// relay that tampers with the calls of the first, three hosts that share a state directory, and a clock that may jump.

/** What the waiting of a run is divided by, so that a read that is behind may still catch up in a test. */
const haste = 100;
/** Milliseconds of the wall clock between the starts of two processes. */
const betweenMs = 10_000;

/** What runs of one account work with. */
export interface Account {
  readonly accountId: string;
  readonly api: () => Promise<ElasticLoadBalancing>;
  readonly networkApi: () => Promise<ElasticLoadBalancingV2>;
  /** Who acts; not known in some sequences. */
  readonly caller: CallerAnswer;
}

/** The real system of one sequence. */
export interface Real extends AsyncDisposable {
  readonly service: Service;
  /** Of the other account. */
  readonly elsewhere: Service;
  /** In front of both accounts: the access key decides, as it does for AWS. */
  readonly relay: Relay;
  readonly mine: Account;
  readonly theirs: Account;
  /** The first account at another endpoint. */
  readonly mineAt: (endpoint: string) => Account;
  readonly stateDirectory: string;
  readonly hosts: readonly Host[];
  /** Starts a process of a host, some time after the one before. */
  readonly start: (host: number | Host) => Process;
  /** The journal, as a process writes and sees it. */
  readonly journalOf: (process: Pick<Process, 'holder' | 'look'>) => Journal;
  readonly clock: Clock;
  readonly plan: Tampering;
  /** The processes of the changes that were begun. */
  readonly processes: Map<string, Process>;
  /** And in whose account. */
  readonly accounts: Map<string, Account>;
}

/** How a sequence begins. */
export interface Beginning {
  /** Whether a write has one try as a read has, as AWS_MAX_ATTEMPTS=1 says, or its own number of them. */
  readonly writesOnce: boolean;
  readonly knowsCaller: boolean;
  /** Whether the other account has a load balancer of each name. */
  readonly sharesAll: boolean;
}

const accountIds = { mine: '123456789012', theirs: '210987654321' };

export async function startReal({ writesOnce, knowsCaller, sharesAll }: Beginning): Promise<Real> {
  const service = await startService(seed);
  const elsewhere = await startService(
    sharesAll ? seed : { ...seed, loadBalancers: seed.loadBalancers?.slice(0, 1) },
    { accountId: accountIds.theirs },
  );
  const plan = noTampering();
  const relay = await startRelay(service.endpoint, async ({ action, parameters }, { authorization }) => {
    if (!String(authorization).includes('Credential=theirs/'))
      return tamper(action, parameters, plan, service);
    const answer = await fetch(elsewhere.endpoint, { method: 'POST', body: parameters });
    return { status: answer.status, body: await answer.text() };
  });
  const account = (who: keyof typeof accountIds, endpointUrl: string): Account => {
    const options = {
      region: 'us-east-1',
      endpointUrl,
      env: { AWS_ACCESS_KEY_ID: who, AWS_SECRET_ACCESS_KEY: who, AWS_MAX_ATTEMPTS: '1' },
    };
    const tried = <T>(opened: T): T => (writesOnce ? opened : { ...opened, maxAttempts: undefined });
    const accountId = accountIds[who];
    return {
      accountId,
      api: once(async () => tried(await openElasticLoadBalancing(options))),
      networkApi: once(async () => tried(await openNetworkLoadBalancing(options))),
      caller: knowsCaller
        ? { caller: { accountId, arn: `arn:aws:iam::${accountId}:user/local` } }
        : { why: 'STS was not asked', asked: false },
    };
  };
  const stateDirectory = await temporaryDirectory();
  const now = (): number => Date.now() + plan.ahead;
  const hosts = makeHosts(now);
  return {
    service,
    elsewhere,
    relay,
    mine: account('mine', relay.endpoint),
    theirs: account('theirs', relay.endpoint),
    mineAt: (endpoint) => account('mine', endpoint),
    stateDirectory,
    hosts,
    start: (host) => {
      plan.ahead += betweenMs;
      return (typeof host === 'number' ? (hosts[host] ?? hosts[0]) : host).start();
    },
    journalOf: ({ holder, look }) => openJournal({ directory: stateDirectory, holder, look }),
    clock: { now: () => new Date(now()), sleep: (ms) => sleep(ms / haste) },
    plan,
    processes: new Map(),
    accounts: new Map(),
    [Symbol.asyncDispose]: async () => {
      await relay[Symbol.asyncDispose]();
      await elsewhere[Symbol.asyncDispose]();
      await service[Symbol.asyncDispose]();
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
