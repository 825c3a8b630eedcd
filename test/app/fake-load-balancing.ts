import type { CallEffect, ElasticLoadBalancing, Written } from '../../src/app/ports.js';
import type { LoadBalancer, Policy } from '../../src/core/model.js';
import { simulateStep } from '../../src/core/simulate.js';
import { type ClassicStep, policyFields } from '../../src/core/step.js';
import { ElbProxyError } from '../../src/errors.js';

/** One call, before it is answered. */
export interface FakeCall {
  readonly action: 'read' | 'policies' | 'health' | 'tags' | 'create' | 'delete' | 'set';
  readonly name: string;
  /** The policy or the instance port of a write, else the load balancer's name. */
  readonly subject: string;
  /** How often this action has been called, this call included. */
  readonly nth: number;
  /** How many calls there have been, this one included. */
  readonly count: number;
}

/**
 * What becomes of a call. `lost-before` and `lost-after`: no answer comes, and a write is not or is carried out;
 * `late`: no answer comes, and the write is carried out so many calls later. `hang-before` and `hang-after`: nothing
 * ever comes back, as for a process that is killed there.
 */
export type Verdict =
  | 'pass'
  | 'throttled'
  | 'lost-before'
  | 'lost-after'
  | 'hang-before'
  | 'hang-after'
  | { readonly late: number }
  | { readonly error: string };

/** A Classic ELB in memory, with hands to look at it and to write to it as another operator would. */
export interface FakeLoadBalancing {
  readonly api: ElasticLoadBalancing;
  /** A load balancer as it is now. */
  readonly state: (name?: string) => LoadBalancer;
  /** The list of an instance port as it is now. */
  readonly list: (instancePort: number, name?: string) => readonly string[];
  readonly policyNames: (name?: string) => readonly string[];
  /** Every call, in order, as `set 8443`; the journal's records are in between. */
  readonly log: string[];
  /** The calls alone that would change something. */
  readonly writes: () => readonly string[];
  /** Changes a load balancer behind the program's back; undefined takes it away. */
  readonly foreign: (change: (found: LoadBalancer) => LoadBalancer | undefined, name?: string) => void;
  /** How many reads after each write still show what was before it. */
  lag: number;
  /** Decides what becomes of each call; may do things of its own first. */
  onCall: (call: FakeCall) => Verdict;
  /** Sees each write of the program when it takes effect. */
  onEffect: (step: ClassicStep, before: LoadBalancer, after: LoadBalancer) => void;
}

/** An error as the API's adapter would give it. */
export function apiError(code: string): ElbProxyError {
  return new ElbProxyError(`the service said ${code}`, { code, fault: 'service', requestId: `r-${code}` });
}

/** Starts with some load balancers. */
export function fakeLoadBalancing(...start: readonly LoadBalancer[]): FakeLoadBalancing {
  const now = new Map(start.map((loadBalancer) => [loadBalancer.name, loadBalancer]));
  const shownInstead = new Map<string, { readonly old: LoadBalancer; reads: number }>();
  const log: string[] = [];
  const pending: { at: number; apply: () => void }[] = [];
  const fake: FakeLoadBalancing = {
    log,
    lag: 0,
    onCall: () => 'pass',
    onEffect: () => undefined,
    state,
    list: (instancePort, name = 'web') =>
      state(name).backendServers.find((server) => server.instancePort === instancePort)?.policyNames ?? [],
    policyNames: (name = 'web') => (state(name).policies ?? []).map((policy) => policy.name),
    writes: () => log.filter((line) => /^(?:create|delete|set) /.test(line)),
    foreign: (change, name = 'web') => {
      shownInstead.delete(name);
      const changed = change(state(name));
      if (changed === undefined) now.delete(name);
      else now.set(name, changed);
    },
    api: {
      region: 'us-east-1',
      async *describeLoadBalancers(names) {
        await call('read', (names ?? []).join(','), names?.[0] ?? '');
        const wanted = names === undefined ? [...now.keys()] : names.filter((name) => now.has(name));
        if (names !== undefined && wanted.length < names.length) throw apiError('LoadBalancerNotFound');
        for (const name of wanted) {
          const { policies: _policies, instanceStates: _states, tags: _tags, ...shown } = seen(name, true);
          yield [shown];
        }
      },
      describeLoadBalancerPolicies: async (name) => {
        await call('policies', name);
        return seen(name).policies ?? [];
      },
      describeInstanceHealth: async (name) => {
        await call('health', name);
        return state(name).instanceStates ?? [];
      },
      describeTags: async (names) => {
        await call('tags', names.join(','));
        return new Map(names.map((name) => [name, state(name).tags ?? []]));
      },
      createLoadBalancerPolicy: (name, policy) =>
        write('create', name, policy.name, { call: 'CreateLoadBalancerPolicy', ...policyFields(policy) }),
      deleteLoadBalancerPolicy: (name, policyName) =>
        write('delete', name, policyName, {
          call: 'DeleteLoadBalancerPolicy',
          policyName,
          policyTypeName: '',
          attributes: {},
        }),
      setLoadBalancerPoliciesForBackendServer: (name, instancePort, after) =>
        write('set', name, String(instancePort), {
          call: 'SetLoadBalancerPoliciesForBackendServer',
          instancePort,
          before: [],
          after,
        }),
      effectOf,
    },
  };
  return fake;

  function state(name = 'web'): LoadBalancer {
    const found = now.get(name);
    if (found === undefined) throw apiError('LoadBalancerNotFound');
    return found;
  }

  /** What a read shows: for a while after a write, what was before it. */
  function seen(name: string, counts = false): LoadBalancer {
    const instead = shownInstead.get(name);
    if (instead === undefined) return state(name);
    if (counts && instead.reads-- <= 0) {
      shownInstead.delete(name);
      return state(name);
    }
    return instead.old;
  }

  async function call(action: FakeCall['action'], subject: string, name = subject): Promise<Verdict> {
    log.push(`${action} ${subject}`);
    const calls = log.filter((line) => !line.startsWith('journal '));
    const nth = calls.filter((line) => line.startsWith(`${action} `)).length;
    const verdict = fake.onCall({ action, name, subject, nth, count: calls.length });
    for (const late of pending.splice(0)) {
      if (late.at > calls.length) pending.push(late);
      else late.apply();
    }
    if (verdict === 'hang-before') return new Promise(() => undefined);
    if (verdict === 'throttled') throw apiError('Throttling');
    if (verdict === 'lost-before') throw apiError('connection-lost');
    if (typeof verdict === 'object' && 'error' in verdict) throw apiError(verdict.error);
    return verdict;
  }

  async function write(
    action: FakeCall['action'],
    name: string,
    subject: string,
    step: ClassicStep,
  ): Promise<Written> {
    const verdict = await call(action, subject, name);
    if (typeof verdict === 'object' && 'late' in verdict) {
      const at = log.filter((line) => !line.startsWith('journal ')).length + verdict.late;
      pending.push({ at, apply: () => now.has(name) && refusal(state(name), step) === undefined && apply() });
      throw apiError('connection-lost');
    }
    const refused = refusal(state(name), step);
    if (refused !== undefined) throw apiError(refused);
    apply();
    if (verdict === 'lost-after') throw apiError('connection-lost');
    if (verdict === 'hang-after') return new Promise(() => undefined);
    return { requestId: `r-${action}-${subject}` };

    function apply(): void {
      const old = state(name);
      const changed = simulateStep(old, step);
      now.set(name, changed);
      if (fake.lag > 0) shownInstead.set(name, { old, reads: fake.lag });
      fake.onEffect(step, old, changed);
    }
  }
}

function effectOf(error: unknown): CallEffect {
  const code = error instanceof ElbProxyError ? error.code : '';
  if (code === 'Throttling') return 'throttled';
  return code === 'connection-lost' ? 'unknown' : 'no';
}

/** Why the service would refuse a write. */
function refusal({ policies = [], backendServers }: LoadBalancer, step: ClassicStep): string | undefined {
  const has = (name: string) => policies.some((policy: Policy) => policy.name === name);
  switch (step.call) {
    case 'CreateLoadBalancerPolicy':
      return has(step.policyName) ? 'DuplicatePolicyName' : undefined;
    case 'DeleteLoadBalancerPolicy':
      return backendServers.some(({ policyNames }) => policyNames.includes(step.policyName))
        ? 'InvalidConfigurationRequest'
        : undefined;
    case 'SetLoadBalancerPoliciesForBackendServer':
      return step.after.every(has) ? undefined : 'PolicyNotFound';
  }
}
