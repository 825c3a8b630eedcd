import pMap from 'p-map';
import { groupProxyState } from '../core/network/group-status.js';
import type { NetworkLoadBalancer, TargetElsewhere, TargetGroup } from '../core/network-load-balancer.js';
import { ElbProxyError } from '../errors.js';
import type { InTurn } from './at-most.js';
import { allOf, unlessGone } from './pages.js';
import type { ElasticLoadBalancingV2 } from './ports.js';

/** The most groups whose targets are read: as many calls as the service's bucket holds. */
const mostGroups = 40;

type Elsewhere = NonNullable<TargetGroup['elsewhere']>;

/**
 * Load balancers, with their targets in groups of others. Only targets' health says which groups hold a target: each group
 * of the VPC and type is asked for it, and for its attributes if it shares one. A failed read makes it not known.
 */
export async function withTargetsElsewhere(
  api: ElasticLoadBalancingV2,
  loadBalancers: readonly NetworkLoadBalancer[],
  inTurn: InTurn,
): Promise<readonly NetworkLoadBalancer[]> {
  const own = loadBalancers.flatMap(({ targetGroups = [] }) => targetGroups).filter(hasTargets);
  if (own.length === 0) return loadBalancers;
  const elsewhere = await find(api, own, inTurn);
  return loadBalancers.map((loadBalancer) => ({
    ...loadBalancer,
    targetGroups: loadBalancer.targetGroups?.map((group) => {
      const found = elsewhere(group, loadBalancer);
      return hasTargets(group) && found !== undefined ? { ...group, elsewhere: found } : group;
    }),
  }));
}

async function find(
  api: ElasticLoadBalancingV2,
  own: readonly TargetGroup[],
  inTurn: InTurn,
): Promise<(group: TargetGroup, loadBalancer: NetworkLoadBalancer) => Elsewhere | undefined> {
  try {
    const others = await inTurn(() => othersOf(api, own));
    if (others.length > mostGroups)
      return () => ({
        targets: [],
        notRead: `${others.length} other target groups in the VPC were not read`,
      });
    const read = await pMap(others, (other) => readOther(api, other, own, inTurn));
    const shared = read.flat();
    return (group, { arn }) => {
      const targets = shared
        // Those of the same load balancer are known already.
        .filter(({ of, target }) => !of.loadBalancerArns?.includes(arn) && isOneOf(target, group))
        .map(({ target }) => target);
      return targets.length === 0 ? undefined : { targets };
    };
  } catch (error) {
    if (!(error instanceof ElbProxyError)) throw error;
    return () => ({ targets: [], notRead: `other target groups could not be read (${error.code})` });
  }
}

/** Groups that could hold the same targets, and that send them something: those of the same VPC and type on an NLB. */
async function othersOf(
  api: ElasticLoadBalancingV2,
  own: readonly TargetGroup[],
): Promise<readonly TargetGroup[]> {
  return (await allOf(api.describeTargetGroups())).filter(
    (other) =>
      !own.some(({ arn }) => arn === other.arn) &&
      other.loadBalancerArns?.length !== 0 &&
      !['HTTP', 'HTTPS', 'GENEVE', ''].includes(other.protocol) &&
      own.some(({ vpcId, targetType }) => vpcId === other.vpcId && targetType === other.targetType),
  );
}

interface Shared {
  readonly of: TargetGroup;
  readonly target: TargetElsewhere;
}

async function readOther(
  api: ElasticLoadBalancingV2,
  other: TargetGroup,
  own: readonly TargetGroup[],
  inTurn: InTurn,
): Promise<readonly Shared[]> {
  // A group that was deleted meanwhile has no targets.
  const unlessDeleted = <R>(read: () => Promise<R>) => unlessGone(inTurn(read), 'TargetGroupNotFound');
  const targets = (await unlessDeleted(() => api.describeTargetHealth(other.arn))) ?? [];
  const shared = targets
    .map(({ id, port = other.port }) => ({ id, port }))
    .filter((target) => own.some((group) => isOneOf(target, group)));
  if (shared.length === 0) return [];
  const attributes = await unlessDeleted(() => api.describeTargetGroupAttributes(other.arn));
  if (attributes === undefined) return [];
  const proxyProtocol = groupProxyState({ attributes });
  return shared.map((target) => ({
    of: other,
    target: { ...target, targetGroup: other.name, proxyProtocol },
  }));
}

function isOneOf(target: Pick<TargetElsewhere, 'id' | 'port'>, group: TargetGroup): boolean {
  return (group.targets ?? []).some(({ id, port = group.port }) => id === target.id && port === target.port);
}

function hasTargets({ targets = [] }: TargetGroup): boolean {
  return targets.length > 0;
}
