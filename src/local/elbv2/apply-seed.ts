import type { ActionContext } from '../action.js';
import { type Pair, pairsOf } from '../pairs.js';
import { madeUpId } from '../placement.js';
import { invalidSeed } from '../read-seed.js';
import { encodeParameters } from '../request-lists.js';
import { ServiceError } from '../service-error.js';
import type { State } from '../shapes.js';
import { actionsV2 } from './actions/index.js';
import type { CheckedElbV2Seed } from './seed.js';
import type { ListenerV2, LoadBalancerV2, TargetGroupV2 } from './shapes.js';
import { emptyElbV2 } from './state.js';

type SeedGroup = NonNullable<CheckedElbV2Seed['targetGroups']>[number];
type SeedLoadBalancer = NonNullable<CheckedElbV2Seed['loadBalancers']>[number];
type Call = readonly [action: string, input: object, part?: string];

const tagsOf = (record: Readonly<Record<string, string>> = {}): readonly Pair[] =>
  pairsOf(Object.entries(record));

const attributesOf = (record: Readonly<Record<string, string>>) =>
  Object.entries(record).map(([Key, Value]) => ({ Key, Value }));

/** The calls that make a group; those behind the first one get its ARN. */
function* groupCalls(one: SeedGroup, VpcId: string): Generator<Call> {
  const { healthCheck = {} } = one;
  yield [
    'CreateTargetGroup',
    {
      Name: one.name,
      Protocol: one.protocol,
      Port: one.port,
      VpcId: one.targetType === 'lambda' ? undefined : VpcId,
      TargetType: one.targetType,
      IpAddressType: one.ipAddressType,
      HealthCheckProtocol: healthCheck.protocol,
      HealthCheckPort: healthCheck.port,
      HealthCheckPath: healthCheck.path,
      HealthCheckIntervalSeconds: healthCheck.interval,
      HealthCheckTimeoutSeconds: healthCheck.timeout,
      HealthyThresholdCount: healthCheck.healthyThreshold,
      UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
      Matcher: { HttpCode: healthCheck.matcher },
    },
  ];
  if (one.attributes !== undefined) {
    yield ['ModifyTargetGroupAttributes', { Attributes: attributesOf(one.attributes) }, 'attributes'];
  }
  if (one.targets?.length) {
    const Targets = one.targets.map((target) =>
      typeof target === 'string' ? { Id: target } : { Id: target.id, Port: target.port },
    );
    yield ['RegisterTargets', { Targets }, 'targets'];
  }
}

/** The calls that make a load balancer; those behind the first one get its ARN. */
function* loadBalancerCalls(one: SeedLoadBalancer, arnOf: (group: string) => string): Generator<Call> {
  yield [
    'CreateLoadBalancer',
    {
      Name: one.name,
      Type: one.type ?? 'network',
      Scheme: one.scheme,
      Subnets: ['subnet-0a', 'subnet-0b'],
    },
  ];
  if (one.attributes !== undefined) {
    yield ['ModifyLoadBalancerAttributes', { Attributes: attributesOf(one.attributes) }, 'attributes'];
  }
  for (const [index, listener] of (one.listeners ?? []).entries()) {
    const TargetGroups = listener.targetGroups.map((group) =>
      typeof group === 'string'
        ? { TargetGroupArn: arnOf(group) }
        : { TargetGroupArn: arnOf(group.name), Weight: group.weight },
    );
    yield [
      'CreateListener',
      {
        Protocol: listener.protocol,
        Port: listener.port,
        Certificates:
          listener.certificateArn === undefined ? undefined : [{ CertificateArn: listener.certificateArn }],
        SslPolicy: listener.sslPolicy,
        AlpnPolicy: listener.alpnPolicy === undefined ? undefined : [listener.alpnPolicy],
        DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
      },
      `listeners[${index}]`,
    ];
  }
}

const keyOf = (region: string, name: string): string => `${region}/${name}`;

/** The resources that a seed has made so far, by region and name. */
interface Made {
  state: State;
  readonly groups: Map<string, TargetGroupV2>;
  readonly loadBalancers: Map<string, LoadBalancerV2>;
  readonly listeners: ListenerV2[];
  /** Listeners by the ARN of a group that they forward to. */
  readonly users: Map<string, ListenerV2[]>;
}

/** Runs calls on a state with only the resources that they concern. */
function run(made: Made, before: State, calls: Iterable<Call>, what: string, context: ActionContext): State {
  let result = before;
  let at = '';
  let arn: object = {};
  try {
    for (const [name, input, part] of calls) {
      at = part === undefined ? '' : `, ${part}`;
      const action = actionsV2.get(name);
      if (action?.kind !== 'write') continue;
      result = action.run(result, encodeParameters({ ...arn, ...input }), {
        ...context,
        seeding: true,
      }).state;
      if (name === 'CreateTargetGroup') arn = { TargetGroupArn: result.elbv2.targetGroups.at(-1)?.arn };
      if (name === 'CreateLoadBalancer') arn = { LoadBalancerArn: result.elbv2.loadBalancers.at(-1)?.arn };
    }
  } catch (error) {
    if (error instanceof ServiceError) throw invalidSeed(`${what}${at}: ${error.message}`, error);
    throw error;
  }
  made.state = {
    ...made.state,
    addressesUsed: result.addressesUsed,
    elbv2: { ...made.state.elbv2, idsUsed: result.elbv2.idsUsed },
  };
  return result;
}

// Each with a state of its own: looking through thousands for each one takes longer and longer.
function makeGroup(made: Made, one: SeedGroup, context: ActionContext): void {
  const what = `target group ${one.name}`;
  const key = keyOf(context.region, one.name);
  if (made.groups.has(key)) throw invalidSeed(`${what}: there are two with that name in ${context.region}`);
  const { idsUsed } = made.state.elbv2;
  const calls = groupCalls(one, madeUpId('vpc', context.accountId, context.region));
  const result = run(made, { ...made.state, elbv2: { ...emptyElbV2, idsUsed } }, calls, what, context);
  const group = result.elbv2.targetGroups.at(-1);
  if (group === undefined) return;
  made.groups.set(key, { ...group, listsDefaults: one.listsDefaults ?? true, tags: tagsOf(one.tags) });
}

function makeLoadBalancer(made: Made, one: SeedLoadBalancer, context: ActionContext): void {
  const what = `load balancer ${one.name}`;
  const { region } = context;
  const key = keyOf(region, one.name);
  if (made.loadBalancers.has(key)) throw invalidSeed(`${what}: there are two with that name in ${region}`);
  const used = new Set<TargetGroupV2>();
  for (const [index, { targetGroups }] of (one.listeners ?? []).entries()) {
    for (const asked of targetGroups) {
      const name = typeof asked === 'string' ? asked : asked.name;
      const group = made.groups.get(keyOf(region, name));
      if (group === undefined) {
        throw invalidSeed(`${what}, listeners[${index}]: there is no target group ${name} in ${region}`);
      }
      used.add(group);
    }
  }
  const arnOf = (name: string): string => made.groups.get(keyOf(region, name))?.arn ?? '';
  const before: State = {
    ...made.state,
    elbv2: {
      idsUsed: made.state.elbv2.idsUsed,
      loadBalancers: [],
      targetGroups: [...used],
      listeners: [...new Set([...used].flatMap(({ arn }) => made.users.get(arn) ?? []))],
    },
  };
  const result = run(made, before, loadBalancerCalls(one, arnOf), what, context);
  const [loadBalancer] = result.elbv2.loadBalancers;
  if (loadBalancer === undefined) return;
  made.loadBalancers.set(key, { ...loadBalancer, tags: tagsOf(one.tags) });
  const listeners = result.elbv2.listeners.filter(
    ({ loadBalancerArn }) => loadBalancerArn === loadBalancer.arn,
  );
  for (const [index, listener] of listeners.entries()) {
    const tagged = { ...listener, tags: tagsOf(one.listeners?.[index]?.tags) };
    made.listeners.push(tagged);
    for (const { arn } of tagged.targetGroups) {
      const users = made.users.get(arn) ?? [];
      users.push(tagged);
      made.users.set(arn, users);
    }
  }
}

/** The state with a seed's load balancers and groups of ELBv2. @throws LocalElbError naming the one at fault */
export function applyElbV2Seed(state: State, seed: CheckedElbV2Seed, context: ActionContext): State {
  const made: Made = {
    state,
    groups: new Map(),
    loadBalancers: new Map(),
    listeners: [],
    users: new Map(),
  };
  const at = ({ region }: { readonly region?: string | undefined }): ActionContext => ({
    ...context,
    region: region ?? context.region,
  });
  for (const one of seed.targetGroups ?? []) makeGroup(made, one, at(one));
  for (const one of seed.loadBalancers ?? []) makeLoadBalancer(made, one, at(one));
  return {
    ...made.state,
    elbv2: {
      idsUsed: made.state.elbv2.idsUsed,
      loadBalancers: [...made.loadBalancers.values()],
      targetGroups: [...made.groups.values()],
      listeners: made.listeners,
    },
  };
}
