import type { GroupState } from '../../core/network/group-state.js';
import { listenersOfGroup } from '../../core/network/group-status.js';
import type { NetworkIdentity, NetworkListener, TargetGroup } from '../../core/network-load-balancer.js';
import { findIn, unlessGone } from '../pages.js';
import type { Clock, ElasticLoadBalancingV2 } from '../ports.js';
import { incompleteError } from '../read.js';
import type { Reading, ReadOrder } from '../reading.js';

/**
 * One target group as it is now, with its attributes and listeners; attributes are read last if a write follows.
 * @throws ElbProxyError of code `incomplete-answer` if the service left out a field that a write depends on
 */
export async function readGroup(
  api: ElasticLoadBalancingV2,
  loadBalancer: NetworkIdentity,
  arn: string,
  clock: Pick<Clock, 'now'>,
  order: ReadOrder,
): Promise<Reading<GroupState>> {
  const began = clock.now().getTime();
  const reading = (fresh: GroupState | undefined): Reading<GroupState> => {
    const at = clock.now().getTime();
    return { fresh, at, tookMs: at - began };
  };
  const readAttributes = () => unlessGone(api.describeTargetGroupAttributes(arn), 'TargetGroupNotFound');
  const asked = Promise.all([
    unlessGone(
      findIn(api.describeTargetGroups({ arns: [arn] }), (group) => group.arn === arn),
      'TargetGroupNotFound',
    ),
    // A deleted load balancer has no listeners; the group keeps its attributes.
    unlessGone(api.describeListeners(loadBalancer.arn), 'LoadBalancerNotFound'),
  ]);
  const [[group, listeners], attributes] =
    order === 'replaced-last'
      ? [await asked, await readAttributes()]
      : await Promise.all([asked, readAttributes()]);
  if (group === undefined || attributes === undefined) return reading(undefined);
  const whole = { ...group, attributes };
  requireWholeGroup(loadBalancer, whole);
  return reading(stateOf(loadBalancer, whole, listeners ?? []));
}

/** A target group as it is on a load balancer. */
export function stateOf(
  { name, region }: NetworkIdentity,
  group: TargetGroup,
  listeners: readonly NetworkListener[],
): GroupState {
  return { name, region, group, listeners: listenersOfGroup({ listeners }, group.arn) ?? [] };
}

/** Refuses a target group with fields left out: a missing field is not an empty one. */
export function requireWholeGroup(loadBalancer: NetworkIdentity, group: TargetGroup): void {
  const missing = [
    ...(group.missing ?? []).map(({ field }) => field),
    ...(group.loadBalancerArns === undefined &&
    !(group.missing ?? []).some(({ field }) => field.includes('LoadBalancerArns'))
      ? ['LoadBalancerArns']
      : []),
    ...(group.attributes === undefined ? ['Attributes'] : []),
  ];
  const { name, region } = loadBalancer;
  const subject = `target group ${group.name} (load balancer ${name}, ${region})`;
  if (missing.length > 0) throw incompleteError(loadBalancer, missing, 'nothing is written to it', subject);
}
