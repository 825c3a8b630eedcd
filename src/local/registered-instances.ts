import { inRegion } from './load-balancers.js';
import type { State } from './shapes.js';

/** The instances of a region that are registered with a load balancer or a target group, each with its VPC. */
export function registeredInstances(state: State, region: string): ReadonlyMap<string, string | undefined> {
  const groups = state.elbv2.targetGroups.filter(
    (one) => one.region === region && one.targetType === 'instance',
  );
  return new Map<string, string | undefined>([
    ...groups.flatMap((one) => one.targets.map(({ id }) => [id, one.vpcId] as const)),
    ...inRegion(state, region).flatMap((one) => one.instances.map((id) => [id, one.vpcId] as const)),
  ]);
}
