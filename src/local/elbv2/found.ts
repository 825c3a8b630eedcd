import { ServiceError } from '../service-error.js';
import type { State } from '../shapes.js';
import { checkArn, defaultRuleArn, type ResourceKind } from './arn.js';
import { once } from './once.js';
import type { ElbV2State, ListenerV2, LoadBalancerV2, TargetGroupV2 } from './shapes.js';

interface WithArn {
  readonly arn: string;
}

const byArn = once((list: readonly WithArn[]) => new Map(list.map((one) => [one.arn, one])));

const notFoundCodes: Readonly<Record<ResourceKind, string>> = {
  'load balancer': 'LoadBalancerNotFound',
  'target group': 'TargetGroupNotFound',
  listener: 'ListenerNotFound',
  rule: 'RuleNotFound',
};

/** `LoadBalancerNotFound` and the like, in the service's words. */
export function notFound(kind: ResourceKind): ServiceError {
  return new ServiceError(notFoundCodes[kind], `One or more ${kind}s not found`);
}

function finder<One extends WithArn>(
  kind: ResourceKind,
  listOf: (state: ElbV2State) => readonly One[],
): (state: State, region: string, arn: string) => One {
  return (state, region, arn) => {
    const found = byArn(listOf(state.elbv2)).get(checkArn(arn, kind)) as One | undefined;
    // An ARN of another region is nothing that this one has.
    if (found === undefined || arn.split(':')[3] !== region) throw notFound(kind);
    return found;
  };
}

/** A load balancer that must be there. @throws ServiceError */
export const getLoadBalancerV2 = finder('load balancer', ({ loadBalancers }) => loadBalancers);

/** A target group that must be there. @throws ServiceError */
export const getTargetGroup = finder('target group', ({ targetGroups }) => targetGroups);

/** A listener that must be there. @throws ServiceError */
export const getListener = finder('listener', ({ listeners }) => listeners);

/** The listener that has a rule, which must be there. @throws ServiceError */
export function getRule(state: State, region: string, arn: string): ListenerV2 {
  checkArn(arn, 'rule');
  const listener = state.elbv2.listeners.find((one) => defaultRuleArn(one.arn) === arn);
  if (listener === undefined || arn.split(':')[3] !== region) throw notFound('rule');
  return listener;
}

interface ByUse {
  readonly ofGroup: ReadonlyMap<string, readonly string[]>;
  readonly ofLoadBalancer: ReadonlyMap<string, readonly ListenerV2[]>;
}

const byUse = once((listeners: readonly ListenerV2[]): ByUse => {
  const ofGroup = new Map<string, string[]>();
  const ofLoadBalancer = new Map<string, ListenerV2[]>();
  for (const listener of listeners) {
    const { loadBalancerArn } = listener;
    for (const { arn } of listener.targetGroups) {
      const arns = ofGroup.get(arn) ?? [];
      if (!arns.includes(loadBalancerArn)) arns.push(loadBalancerArn);
      ofGroup.set(arn, arns);
    }
    const all = ofLoadBalancer.get(loadBalancerArn) ?? [];
    all.push(listener);
    ofLoadBalancer.set(loadBalancerArn, all);
  }
  return { ofGroup, ofLoadBalancer };
});

/** The load balancers whose listeners forward to a group: one, or none. */
export const loadBalancersOfGroup = ({ elbv2 }: Pick<State, 'elbv2'>, arn: string): readonly string[] =>
  byUse(elbv2.listeners).ofGroup.get(arn) ?? [];

/** The listeners of a load balancer, in the order in which they were made. */
export const listenersOf = ({ elbv2 }: Pick<State, 'elbv2'>, arn: string): readonly ListenerV2[] =>
  byUse(elbv2.listeners).ofLoadBalancer.get(arn) ?? [];

const replaced = <One extends WithArn>(list: readonly One[], changed: One): readonly One[] =>
  list.map((one) => (one.arn === changed.arn ? changed : one));

/** The state with other contents of ELBv2. */
export const withElbV2 = (state: State, changed: Partial<ElbV2State>): State => ({
  ...state,
  elbv2: { ...state.elbv2, ...changed },
});

/** The state with one load balancer changed. */
export const replaceLoadBalancerV2 = (state: State, changed: LoadBalancerV2): State =>
  withElbV2(state, { loadBalancers: replaced(state.elbv2.loadBalancers, changed) });

/** The state with one target group changed. */
export const replaceTargetGroup = (state: State, changed: TargetGroupV2): State =>
  withElbV2(state, { targetGroups: replaced(state.elbv2.targetGroups, changed) });

/** The state with one listener changed. */
export const replaceListener = (state: State, changed: ListenerV2): State =>
  withElbV2(state, { listeners: replaced(state.elbv2.listeners, changed) });
