import { setTimeout as sleep } from 'node:timers/promises';
import { fc } from '../helpers/fast-check.js';
import { proxyKey } from '../helpers/network-service.js';
import type { Verdict } from '../helpers/relay.js';
import type { Service } from '../helpers/service.js';
import { key, type Lists, listsOf, others, writeAsForeigner, writeEverywhere } from './model-state.js';

// What happens to the calls of a run of model.test.ts on their way through the relay.

/** For how long a process sleeps, in milliseconds of the wall clock: more than a read stays good for. */
const suspendedMs = 2500;
/** For how long a read is behind, in milliseconds: less than a run waits in all. */
const staleMs = 20;

/**
 * What happens to one call. `stale`: this read shows what the last one showed; `stale-for-a-while`: so do the reads of
 * the same for some time. `foreign`: another operator puts his policy on a port, or takes it off, just before.
 * `without-lists`: the answer leaves out the lists, or the attributes. `suspend` and `doze`: the process sleeps for seconds
 * in which another operator writes, while this read is answered, or right after the next read before a write. `kill-before`
 * and `kill-after`: the process ends there, before the call is carried out or after it was; `freeze`: it is stopped before
 * it, and never goes on, and never ends.
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
  'freeze',
] as const;
export type Fault = (typeof kindsOfFault)[number];
export type Faults = ReadonlyMap<number, Fault>;

// A process sleeps in the one moment that counts far less often than not.
const faultArbitrary = fc.constantFrom(...kindsOfFault, 'suspend' as const, 'doze' as const);
// Most runs make a dozen calls, the longest some forty.
const nth = fc.oneof(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 45 }));
/** Ends of a run that leave something behind for the commands after it: the first write is its fifth call. */
const endsEarly = fc.tuple(
  fc.integer({ min: 4, max: 12 }),
  fc.constantFrom<Fault>('kill-before', 'kill-after', 'freeze'),
);
/** Ends a run, most of them after their first write. */
export const cutArbitrary: fc.Arbitrary<Faults> = endsEarly.map((end) => new Map([end]));
/** The same again and again, from the middle of a run on: it is taken back, or can't be. */
const inARow = fc
  .tuple(
    fc.integer({ min: 6, max: 9 }),
    fc.constantFrom(2, 40),
    fc.constantFrom<Fault>('denied', 'cut-after', 'unavailable'),
  )
  .map(([from, length, fault]) => Array.from({ length }, (_, index) => [from + index, fault] as const));
/** By the number of the call in its run. */
export const faultsArbitrary: fc.Arbitrary<Faults> = fc
  .oneof(
    { weight: 3, arbitrary: fc.array(fc.tuple(nth, faultArbitrary), { maxLength: 5 }) },
    { weight: 1, arbitrary: fc.tuple(endsEarly) },
    { weight: 1, arbitrary: inARow },
  )
  .map((entries) => new Map(entries));

/** The calls of the run that is under way, and what is to happen to them. */
export interface Tampering {
  calls: number;
  faults: Faults;
  /** What the run has last been shown. */
  last: Lists;
  /** The last answer to each question, and what it showed. */
  readonly answers: Map<string, { readonly body: string; readonly lists: Lists }>;
  staleUntil: number;
  dozes: boolean;
  /** The load balancer whose lists were asked for last. */
  lastName: string;
  /** Ends the run that is under way, or stops it for ever. */
  stop: (how: 'killed' | 'frozen') => void;
  /** What the wall clock is ahead of the real one, in milliseconds. */
  ahead: number;
}

/** Nothing happens. */
export function noTampering(): Tampering {
  return {
    calls: 0,
    faults: new Map(),
    last: new Map(),
    answers: new Map(),
    staleUntil: 0,
    dozes: false,
    lastName: '',
    stop: () => undefined,
    ahead: 0,
  };
}

/** What is to happen right behind a read that a write rests on. */
export function behindRead(plan: Tampering, service: Service): void {
  if (!plan.dozes) return;
  plan.dozes = false;
  plan.ahead += suspendedMs;
  writeEverywhere(service, plan.lastName);
  plan.last = listsOf(service);
}

/** Decides about one call, and does what happens to it. */
export async function tamper(
  action: string,
  parameters: URLSearchParams,
  plan: Tampering,
  service: Service,
): Promise<Verdict> {
  plan.calls++;
  const fault = plan.faults.get(plan.calls);
  if (fault === 'foreign') await writeAsForeigner(service, plan.calls);
  if (fault === 'delay') await sleep(10);
  if (fault === 'doze') plan.dozes = true;
  if (fault === 'stale-for-a-while') plan.staleUntil = performance.now() + staleMs;
  if (action === 'DescribeLoadBalancers') plan.lastName = parameters.get('LoadBalancerNames.member.1') ?? '';
  const question = questionOf(action, parameters);
  const verdict =
    question === undefined
      ? brokenBy(fault, action)
      : (brokenBy(fault, action) ?? (await answered(fault, question, parameters, plan, service)));
  const carriedOut = verdict === undefined || verdict === 'pass' || verdict === 'cut-after';
  if (carriedOut) expectNothingLost(action, parameters, plan.last);
  if (carriedOut && question !== undefined) plan.last = listsOf(service);
  if (fault === 'kill-after' || fault === 'kill-before' || fault === 'freeze') {
    // The relay cuts the line; the client that waited for the answer is gone.
    plan.stop(fault === 'freeze' ? 'frozen' : 'killed');
    return fault === 'kill-after' ? 'cut-after' : 'cut-before';
  }
  return verdict ?? 'pass';
}

/** What is asked for, where the answer shows what is to be switched. */
function questionOf(action: string, parameters: URLSearchParams): string | undefined {
  switch (action) {
    case 'DescribeLoadBalancers':
      return `${action} ${parameters.get('LoadBalancerNames.member.1')}`;
    case 'DescribeTargetGroupAttributes':
      return `${action} ${parameters.get('TargetGroupArn')}`;
    default:
      return undefined;
  }
}

/** What breaks a call, whatever it asks for. */
function brokenBy(fault: Fault | undefined, action: string): Verdict | undefined {
  switch (fault) {
    case 'throttle':
      return { error: 'Throttling', message: 'Rate exceeded' };
    case 'denied':
      return action.includes('Describe') ? undefined : { error: 'AccessDenied', status: 403 };
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
    case 'freeze':
      return 'cut-before';
    default:
      return undefined;
  }
}

/** The answer to a question; undefined for the service's own. */
async function answered(
  fault: Fault | undefined,
  question: string,
  parameters: URLSearchParams,
  plan: Tampering,
  service: Service,
): Promise<Verdict | undefined> {
  if (fault === 'kill-after' || fault === 'doze') return undefined;
  const { answers, staleUntil } = plan;
  const before = answers.get(question);
  // The same as the last time: a read that is behind.
  if (before !== undefined && (fault === 'stale' || performance.now() < staleUntil)) {
    plan.last = before.lists;
    return { status: 200, body: before.body };
  }
  const lists = listsOf(service);
  const body = await answerOf(service, parameters);
  if (fault === 'without-lists') {
    const fields = /<(BackendServerDescriptions|Attributes)>.*?<\/\1>/gs;
    return { status: 200, body: body.replaceAll(fields, '') };
  }
  // Kept for a read that is to be behind.
  answers.set(question, { body, lists });
  if (fault !== 'suspend') return undefined;
  plan.ahead += suspendedMs;
  writeEverywhere(service, parameters.get('LoadBalancerNames.member.1') ?? '');
  // To be kept although the answer does not show it: it came while the process slept.
  plan.last = listsOf(service);
  return { status: 200, body };
}

/** The service's own answer to a call. */
export async function answerOf(
  { endpoint }: { readonly endpoint: string },
  parameters: URLSearchParams,
): Promise<string> {
  const asked = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: parameters.toString(),
  });
  return asked.text();
}

/** What writes have lost. */
export const lost: string[] = [];

/** A write of ours holds every policy of others that stood there at our last read, in its order; of a group it sets one key. */
function expectNothingLost(action: string, parameters: URLSearchParams, last: Lists): void {
  if (action === 'ModifyTargetGroupAttributes') {
    const keys = [...parameters].filter(([field]) => /^Attributes\..*\.Key$/.test(field));
    if (keys.length !== 1 || keys[0]?.[1] !== proxyKey) lost.push(`${action}: ${keys.join(' and ')}`);
    return;
  }
  if (action !== 'SetLoadBalancerPoliciesForBackendServer') return;
  const name = parameters.get('LoadBalancerName') ?? '';
  const port = Number(parameters.get('InstancePort'));
  const written = [...parameters]
    .filter(([field]) => /^PolicyNames\.member\.\d+$/.test(field))
    .map(([, policy]) => policy);
  if (JSON.stringify(others(written)) !== JSON.stringify(others(last.get(key(name, port)))))
    lost.push(`${key(name, port)}: ${written.join()} instead of ${last.get(key(name, port))?.join()}`);
}
