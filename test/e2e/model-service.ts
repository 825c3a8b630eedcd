import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, ElasticLoadBalancing, Journal } from '../../src/app/ports.js';
import { openElasticLoadBalancing } from '../../src/aws/open-elastic-load-balancing.js';
import { openJournal } from '../../src/journal/journal.js';
import { temporaryDirectory } from '../helpers/elb-proxy.js';
import { fc } from '../helpers/fast-check.js';
import { type Relay, startRelay, type Verdict } from '../helpers/relay.js';
import { type Service, startService } from '../helpers/service.js';

// What the sequences of model.test.ts run on: two accounts with load balancers of the same names, a relay in front of
// the first that tampers, and a clock that may jump.

/** What the waiting of a run is divided by, so that a read that is behind may still catch up in a test. */
const haste = 100;
/** For how long a process sleeps, in milliseconds of the wall clock: more than a read stays good for. */
const suspendedMs = 2500;
/** For how long a read is behind, in milliseconds: less than a run waits in all. */
const staleMs = 20;
export const names = ['web', 'zoo'] as const;
export const ports = [8443, 9443, 9444] as const;
export type Name = (typeof names)[number];

/**
 * What happens to one call. `stale`: this read shows what the last one showed; `stale-for-a-while`: so do the reads of
 * this load balancer for some time. `foreign`: another operator puts his policy on a port, or takes it off, just before.
 * `without-lists`: the answer leaves the lists out. `suspend` and `doze`: the process sleeps for seconds in which another
 * operator writes, while this read is answered, or right after the next read before a write. `kill-before` and
 * `kill-after`: the process ends there, before the call is carried out or after it was.
 */
const kindsOfFault = [
  'throttle',
  'html',
  'unavailable',
  'denied',
  'cut-before',
  'cut-after',
  'truncated',
  'delay',
  'stale',
  'stale-for-a-while',
  'foreign',
  'without-lists',
  'suspend',
  'doze',
  'kill-before',
  'kill-after',
] as const;
export type Fault = (typeof kindsOfFault)[number];

// A process sleeps in the one moment that counts far less often than not.
const faultArbitrary = fc.constantFrom(...kindsOfFault, 'suspend' as const, 'doze' as const);
/** By the number of the call in its run. */
export const faultsArbitrary = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 45 }), faultArbitrary), { maxLength: 5 })
  .map((entries) => new Map(entries));

export type Lists = ReadonlyMap<string, readonly string[]>;

/** The real system of one sequence. */
export interface Real {
  readonly service: Service;
  readonly relay: Relay;
  readonly api: ElasticLoadBalancing;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Another account, whose load balancers have the same names. */
  readonly elsewhere: { readonly service: Service; readonly api: ElasticLoadBalancing };
  /** What is to happen right behind a read that a write rests on. */
  readonly behindRead: () => void;
  /** What is to happen to the calls of the run that is under way. */
  plan: {
    calls: number;
    faults: ReadonlyMap<number, Fault>;
    last: Lists;
    answer: { body: string; lists: Lists } | undefined;
    staleUntil: number;
    dozes: boolean;
    /** The load balancer whose lists were asked for last. */
    lastName: string;
    /** Ends the run that is under way. */
    kill: () => void;
  };
  /** What the wall clock is ahead of the real one, in milliseconds. */
  ahead: number;
}

export const key = (name: string, port: number): string => `${name}/${port}`;
const foreignPolicies = new Set(['z-auth', 'b-auth', 'foreign']);
const others = (list: readonly string[] = []): readonly string[] =>
  list.filter((policy) => foreignPolicies.has(policy));
export const isOn = (list: readonly string[] = []): boolean =>
  list.some((policy) => !foreignPolicies.has(policy));

/** Every list, as the service has it at this moment. */
export function listsOf(service: Service): Lists {
  return new Map(
    service.local
      .loadBalancers()
      .flatMap(({ loadBalancerName, backendPolicies }) =>
        ports.map(
          (port) =>
            [
              key(loadBalancerName, port),
              backendPolicies.find(({ instancePort }) => instancePort === port)?.policyNames ?? [],
            ] as const,
        ),
      ),
  );
}

/** @param writesOnce whether a write has one try as a read has, as AWS_MAX_ATTEMPTS=1 says, or its own number of them */
export async function startReal(writesOnce: boolean): Promise<Real> {
  const loadBalancer = (name: Name) => ({
    name,
    listeners: ports.map((instancePort, index) => ({
      protocol: 'TCP',
      loadBalancerPort: 443 + index,
      instancePort,
    })),
    policies: [
      { policyName: 'key', policyTypeName: 'PublicKeyPolicyType', attributes: { PublicKey: 'MIIB' } },
      ...[...foreignPolicies].map((policyName) => ({
        policyName,
        policyTypeName: 'BackendServerAuthenticationPolicyType',
        attributes: { PublicKeyPolicyName: 'key' },
      })),
    ],
    backendPolicies: [
      { instancePort: 8443, policyNames: ['z-auth', 'b-auth'] },
      { instancePort: 9443, policyNames: ['b-auth'] },
    ],
    healthCheck: { target: 'TCP:8443' },
  });
  const service = await startService({ loadBalancers: names.map(loadBalancer) });
  const other = await startService({ loadBalancers: names.map(loadBalancer) }, { accountId: '210987654321' });
  const real: { current?: Real } = {};
  const relay = await startRelay(service.endpoint, ({ action, parameters }) =>
    tamper(action, parameters, real.current),
  );
  const open = async (endpointUrl: string): Promise<ElasticLoadBalancing> => {
    const opened = await openElasticLoadBalancing({
      region: 'us-east-1',
      endpointUrl,
      env: { AWS_ACCESS_KEY_ID: 'model', AWS_SECRET_ACCESS_KEY: 'model', AWS_MAX_ATTEMPTS: '1' },
    });
    return writesOnce ? opened : { ...opened, maxAttempts: undefined };
  };
  const journal = openJournal({
    directory: await temporaryDirectory(),
    holder: { pid: process.pid, host: 'model' },
    look: () => ({ alive: false }),
  });
  const made: Real = {
    service,
    relay,
    api: await open(relay.endpoint),
    elsewhere: { service: other, api: await open(other.endpoint) },
    journal,
    clock: {
      now: () => new Date(Date.now() + made.ahead),
      sleep: (ms) => sleep(ms / haste),
    },
    behindRead: () => {
      if (!made.plan.dozes) return;
      made.plan.dozes = false;
      made.ahead += suspendedMs;
      writeEverywhere(made.service, made.plan.lastName);
      made.plan.last = listsOf(made.service);
    },
    ahead: 0,
    plan: {
      calls: 0,
      faults: new Map(),
      last: new Map(),
      answer: undefined,
      staleUntil: 0,
      dozes: false,
      lastName: '',
      kill: () => undefined,
    },
  };
  real.current = made;
  return made;
}

async function tamper(action: string, parameters: URLSearchParams, real: Real | undefined): Promise<Verdict> {
  if (real === undefined) return 'pass';
  const { service, plan } = real;
  plan.calls++;
  const fault = plan.faults.get(plan.calls);
  if (fault === 'foreign') await writeAsForeigner(service, plan.calls);
  if (fault === 'delay') await sleep(10);
  if (fault === 'doze') plan.dozes = true;
  if (fault === 'stale-for-a-while') plan.staleUntil = performance.now() + staleMs;
  if (action === 'DescribeLoadBalancers') plan.lastName = parameters.get('LoadBalancerNames.member.1') ?? '';
  const verdict = await verdictOf(fault, action, service, parameters, real);
  const carriedOut = verdict === 'pass' || verdict === 'cut-after';
  if (carriedOut && action === 'SetLoadBalancerPoliciesForBackendServer')
    expectNothingLost(parameters, plan.last);
  if (carriedOut && action === 'DescribeLoadBalancers') plan.last = listsOf(service);
  if (fault === 'kill-after' || fault === 'kill-before') {
    // The relay cuts the line; whoever waited for the answer is gone.
    plan.kill();
    return fault === 'kill-after' ? 'cut-after' : 'cut-before';
  }
  return verdict;
}

async function verdictOf(
  fault: Fault | undefined,
  action: string,
  service: Service,
  parameters: URLSearchParams,
  real: Real,
): Promise<Verdict> {
  const { plan } = real;
  switch (fault) {
    case 'throttle':
      return { error: 'Throttling', message: 'Rate exceeded' };
    case 'denied':
      return action.startsWith('Describe') ? 'pass' : { error: 'AccessDenied', status: 403 };
    case 'unavailable':
      return { error: 'ServiceUnavailable', status: 503 };
    case 'html':
      return { status: 500, body: '<html><body>Internal Server Error</body></html>' };
    case 'truncated':
      return { status: 200, body: '<DescribeLoadBalancersResponse xmlns="http://elastic' };
    case 'cut-before':
    case 'cut-after':
      return fault;
    case 'kill-before':
      return 'cut-before';
    case 'kill-after':
    case 'doze':
      return 'pass';
    case 'without-lists': {
      if (action !== 'DescribeLoadBalancers') return 'pass';
      const body = await answerOf(service, parameters);
      const field = /<BackendServerDescriptions>.*?<\/BackendServerDescriptions>/gs;
      return { status: 200, body: body.replaceAll(field, '') };
    }
    case 'suspend': {
      if (action !== 'DescribeLoadBalancers') return 'pass';
      const body = await answerOf(service, parameters);
      real.ahead += suspendedMs;
      writeEverywhere(service, parameters.get('LoadBalancerNames.member.1') ?? '');
      // To be kept although the answer does not show it: it came while the process slept.
      plan.last = listsOf(service);
      return { status: 200, body };
    }
    case 'delay':
    case 'stale':
    case 'stale-for-a-while':
    case 'foreign':
    case undefined: {
      if (action !== 'DescribeLoadBalancers') return 'pass';
      // The same answer as the last time this load balancer was asked for: a read that is behind.
      const { answer, staleUntil } = plan;
      const isStale = fault === 'stale' || performance.now() < staleUntil;
      if (
        isStale &&
        answer?.body.includes(`<LoadBalancerName>${parameters.get('LoadBalancerNames.member.1')}<`)
      ) {
        plan.last = answer.lists;
        return { status: 200, body: answer.body };
      }
      // Kept for a read that is to be behind.
      const lists = listsOf(service);
      plan.answer = { body: await answerOf(service, parameters), lists };
      return 'pass';
    }
  }
}

async function answerOf(service: Service, parameters: URLSearchParams): Promise<string> {
  const answered = await fetch(service.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: parameters.toString(),
  });
  return answered.text();
}

/** Another operator, who reads and writes in one breath, puts his policy on a port or takes it off. */
export async function writeAsForeigner(
  service: Service,
  which: number,
  name: Name = names[which % names.length] ?? 'web',
): Promise<void> {
  const port = ports[which % ports.length] ?? 8443;
  const list = listsOf(service).get(key(name, port)) ?? [];
  await service.setList(
    port,
    list.includes('foreign') ? list.filter((policy) => policy !== 'foreign') : [...list, 'foreign'],
    name,
  );
}

/**
 * The same on every port of a load balancer, at once: what falls between two instructions of a process that sleeps could
 * not be waited for.
 */
function writeEverywhere({ local }: Service, name: string): void {
  const found = local.loadBalancers().find(({ loadBalancerName }) => loadBalancerName === name);
  if (found === undefined) return;
  const backendPolicies = ports.map((instancePort) => {
    const list = found.backendPolicies.find((one) => one.instancePort === instancePort)?.policyNames ?? [];
    const without = list.filter((policy) => policy !== 'foreign');
    return { instancePort, policyNames: without.length < list.length ? without : [...list, 'foreign'] };
  });
  Object.assign(found, {
    backendPolicies: backendPolicies.filter(({ policyNames }) => policyNames.length > 0),
  });
}

/** A write of ours holds every policy of others that stood there at our last read, in its order. */
function expectNothingLost(parameters: URLSearchParams, last: Lists): void {
  const name = parameters.get('LoadBalancerName') ?? '';
  const port = Number(parameters.get('InstancePort'));
  const written = [...parameters]
    .filter(([field]) => /^PolicyNames\.member\.\d+$/.test(field))
    .map(([, policy]) => policy);
  if (JSON.stringify(others(written)) !== JSON.stringify(others(last.get(key(name, port)))))
    lost.push(`${key(name, port)}: ${written.join()} instead of ${last.get(key(name, port))?.join()}`);
}

/** What writes have lost. */
export const lost: string[] = [];
