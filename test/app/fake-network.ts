import type { CallEffect, ElasticLoadBalancingV2, Written } from '../../src/app/ports.js';
import {
  type NetworkListener,
  type NetworkLoadBalancer,
  proxyProtocolV2Key,
  type TargetGroup,
} from '../../src/core/network-load-balancer.js';
import { ElbProxyError } from '../../src/errors.js';
import { apiError, type Verdict } from './fake-load-balancing.js';

/** One call, before it is answered. */
export interface NetworkCall {
  readonly action: 'load-balancers' | 'groups' | 'attributes' | 'listeners' | 'health' | 'tags' | 'modify';
  /** A name. */
  readonly subject: string;
  /** How often this action has been called, this call included. */
  readonly nth: number;
  /** How many calls there have been, this one included. */
  readonly count: number;
}

/** What a read shows: a state so many changes old, or a gap. */
export type NetworkView = number | 'gone' | 'without-load-balancers' | 'without-attributes';

/** The ELBv2 API in memory, with hands to look at it and to write to it as another operator would. */
export interface FakeNetwork {
  readonly api: ElasticLoadBalancingV2;
  /** The attribute of a group as it is now. */
  readonly value: (name?: string) => string | undefined;
  readonly groupNow: (name?: string) => TargetGroup | undefined;
  /** Every call, in order, as `modify blue true`; the journal's records are in between. */
  readonly log: string[];
  readonly writes: () => readonly string[];
  /** Changes a group behind the program's back; undefined takes it away. */
  readonly foreign: (change: (found: TargetGroup) => TargetGroup | undefined, name?: string) => void;
  /** Sets a group's attribute as another operator or a controller would. */
  readonly setBack: (value: string, name?: string) => void;
  /** Changes the listeners of a load balancer; undefined takes the load balancer away. */
  readonly relisten: (listeners: readonly NetworkListener[] | undefined, name?: string) => void;
  /** Decides what becomes of each call; may do things of its own first. */
  onCall: (call: NetworkCall) => Verdict;
  /** Decides what each read of a group shows. */
  onRead: (call: NetworkCall) => NetworkView;
  /** Sees each write of the program when it takes effect. */
  onEffect: (name: string, value: string) => void;
}

interface State {
  readonly groups: ReadonlyMap<string, TargetGroup>;
  readonly loadBalancers: ReadonlyMap<string, NetworkLoadBalancer>;
}

/** Starts with some load balancers and their groups, and with groups that are on none. */
export function fakeNetwork(
  start: readonly NetworkLoadBalancer[],
  alone: readonly TargetGroup[] = [],
): FakeNetwork {
  const all = [...start.flatMap(({ targetGroups = [] }) => targetGroups), ...alone];
  const states: State[] = [
    {
      groups: new Map(all.map((group) => [group.name, group])),
      loadBalancers: new Map(start.map((one) => [one.name, one])),
    },
  ];
  const log: string[] = [];
  const pending: { at: number; apply: () => void }[] = [];
  const now = (): State => states.at(-1) as State;
  const moveOn = (change: Partial<State>): void => {
    states.push({ ...now(), ...change });
  };
  const changeGroup = (name: string, change: (found: TargetGroup) => TargetGroup | undefined): void => {
    const found = now().groups.get(name);
    if (found === undefined) return;
    const groups = new Map(now().groups);
    const changed = change(found);
    if (changed === undefined) groups.delete(name);
    else groups.set(name, changed);
    moveOn({ groups });
  };
  const set = (name: string, value: string): void =>
    changeGroup(name, (found) => ({
      ...found,
      attributes: { ...found.attributes, [proxyProtocolV2Key]: value },
    }));
  const fake: FakeNetwork = {
    log,
    onCall: () => 'pass',
    onRead: () => 0,
    onEffect: () => undefined,
    groupNow: (name = 'blue') => now().groups.get(name),
    value: (name = 'blue') => now().groups.get(name)?.attributes?.[proxyProtocolV2Key],
    writes: () => log.filter((line) => line.startsWith('modify ')),
    foreign: (change, name = 'blue') => changeGroup(name, change),
    setBack: (value, name = 'blue') => set(name, value),
    relisten: (listeners, name = 'edge') => {
      const loadBalancers = new Map(now().loadBalancers);
      const found = loadBalancers.get(name);
      if (listeners === undefined) loadBalancers.delete(name);
      else if (found !== undefined) loadBalancers.set(name, { ...found, listeners });
      moveOn({ loadBalancers });
    },
    api: {
      region: 'us-east-1',
      async *describeLoadBalancers(names) {
        await call('load-balancers', (names ?? []).join(','));
        const { loadBalancers } = now();
        const wanted = names ?? [...loadBalancers.keys()];
        const page = wanted.map((name) => {
          const found = loadBalancers.get(name);
          if (found === undefined) throw apiError('LoadBalancerNotFound');
          const { listeners: _l, targetGroups: _g, tags: _t, ...shown } = found;
          return shown;
        });
        yield page;
      },
      async *describeTargetGroups(filter) {
        const subject =
          filter === undefined
            ? ''
            : 'arns' in filter
              ? filter.arns.map(nameOf).join(',')
              : 'names' in filter
                ? filter.names.join(',')
                : nameOf(filter.loadBalancerArn);
        const asked = await call('groups', subject);
        const view = fake.onRead(asked);
        if (view === 'gone') throw apiError('TargetGroupNotFound');
        const groups = [...stateSeen(view).groups.values()];
        const wanted =
          filter === undefined
            ? groups
            : 'arns' in filter
              ? groups.filter(({ arn }) => filter.arns.includes(arn))
              : 'names' in filter
                ? groups.filter(({ name }) => filter.names.includes(name))
                : groups.filter(({ loadBalancerArns = [] }) =>
                    loadBalancerArns.includes(filter.loadBalancerArn),
                  );
        if (filter !== undefined && !('loadBalancerArn' in filter) && wanted.length === 0)
          throw apiError('TargetGroupNotFound');
        yield wanted.map(({ attributes: _a, targets: _t, tags: _g, ...shown }) =>
          view === 'without-load-balancers'
            ? {
                ...shown,
                loadBalancerArns: undefined,
                missing: [{ field: 'TargetGroups[].LoadBalancerArns' }],
              }
            : shown,
        );
      },
      describeTargetGroupAttributes: async (arn) => {
        const asked = await call('attributes', nameOf(arn));
        const view = fake.onRead(asked);
        if (view === 'without-attributes') throw apiError('incomplete-answer');
        const found = view === 'gone' ? undefined : groupAt(view, arn);
        if (found === undefined) throw apiError('TargetGroupNotFound');
        return found.attributes ?? {};
      },
      describeListeners: async (arn) => {
        await call('listeners', nameOf(arn));
        const found = [...now().loadBalancers.values()].find((one) => one.arn === arn);
        if (found === undefined) throw apiError('LoadBalancerNotFound');
        return found.listeners ?? [];
      },
      describeTargetHealth: async (arn) => {
        await call('health', nameOf(arn));
        const found = groupAt(0, arn);
        if (found === undefined) throw apiError('TargetGroupNotFound');
        return found.targets ?? [];
      },
      describeTags: async (arns) => {
        await call('tags', arns.map(nameOf).join(','));
        const everything = [...now().groups.values(), ...now().loadBalancers.values()];
        return new Map(arns.map((arn) => [arn, everything.find((one) => one.arn === arn)?.tags ?? []]));
      },
      modifyTargetGroupAttributes: modify,
      effectOf,
    },
  };
  return fake;

  function stateSeen(view: NetworkView): State {
    const back = typeof view === 'number' ? view : 0;
    return states[Math.max(0, states.length - 1 - back)] as State;
  }

  function groupAt(view: NetworkView, arn: string): TargetGroup | undefined {
    return [...stateSeen(view).groups.values()].find((one) => one.arn === arn);
  }

  async function call(action: NetworkCall['action'], subject: string): Promise<NetworkCall> {
    const { asked, verdict } = meet(action, subject);
    if (verdict === 'hang-before' || verdict === 'hang-after') return new Promise(() => undefined);
    if (verdict === 'throttled') throw apiError('Throttling');
    if (typeof verdict === 'object' && 'error' in verdict) throw apiError(verdict.error);
    if (verdict !== 'pass') throw apiError('connection-lost');
    return asked;
  }

  function meet(action: NetworkCall['action'], subject: string) {
    log.push(`${action} ${subject}`);
    const calls = log.filter((line) => !line.startsWith('journal '));
    const nth = calls.filter((line) => line.startsWith(`${action} `)).length;
    const asked: NetworkCall = { action, subject: subject.split(' ')[0] ?? '', nth, count: calls.length };
    const verdict = fake.onCall(asked);
    for (const late of pending.splice(0)) {
      if (late.at > calls.length) pending.push(late);
      else late.apply();
    }
    return { asked, verdict };
  }

  async function modify(arn: string, key: string, value: string): Promise<Written> {
    const name = nameOf(arn);
    const { asked, verdict } = meet('modify', `${name} ${value}`);
    const apply = (): void => {
      if (groupAt(0, arn) === undefined) return;
      set(name, value);
      fake.onEffect(name, value);
    };
    if (verdict === 'hang-before') return new Promise(() => undefined);
    if (verdict === 'throttled') throw apiError('Throttling');
    if (verdict === 'lost-before') throw apiError('connection-lost');
    if (typeof verdict === 'object' && 'error' in verdict) throw apiError(verdict.error);
    if (typeof verdict === 'object') {
      pending.push({ at: asked.count + verdict.late, apply });
      throw apiError('connection-lost');
    }
    if (groupAt(0, arn) === undefined) throw apiError('TargetGroupNotFound');
    if (key !== proxyProtocolV2Key) throw apiError('InvalidConfigurationRequest');
    apply();
    if (verdict === 'lost-after') throw apiError('connection-lost');
    if (verdict === 'hang-after') return new Promise(() => undefined);
    return { requestId: `r-modify-${name}` };
  }
}

function nameOf(arn: string): string {
  return arn.split('/').at(-2) ?? arn;
}

function effectOf(error: unknown): CallEffect {
  const code = error instanceof ElbProxyError ? error.code : '';
  if (code === 'Throttling') return 'throttled';
  return code === 'connection-lost' ? 'unknown' : 'no';
}
