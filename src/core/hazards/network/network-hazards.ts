import type { Hazard } from '../../hazards.js';
import type { NetworkLoadBalancer } from '../../network-load-balancer.js';
import { connectionLevels } from '../connections.js';
import { hazardsWith, type NetworkHazardQuestion } from '../hazard.js';
import { sortedHazards } from '../sorted-hazards.js';
import { groupHealthCheckHazards } from './group-health-check.js';
import { groupManagementHazards } from './group-management.js';
import { groupTargetHazards } from './group-targets.js';
import { groupTrafficHazards } from './group-traffic.js';

const hazard = hazardsWith(connectionLevels);

/** The hazards of some target groups of a Network Load Balancer, worst first, then by group. */
export function networkHazards(
  loadBalancer: NetworkLoadBalancer,
  question: NetworkHazardQuestion,
): readonly Hazard[] {
  const groups = (loadBalancer.targetGroups ?? []).filter(({ arn }) => question.targetGroups.includes(arn));
  const found: readonly Hazard[] = groups.flatMap((group): readonly Hazard[] => [
    ...groupTrafficHazards(loadBalancer, group, question),
    ...groupHealthCheckHazards(group, question),
    ...groupTargetHazards(loadBalancer, group, question),
    ...groupManagementHazards(loadBalancer, group, question),
  ]);
  return sortedHazards([...found, ...(question.purpose === 'status' ? [] : [openConnections])]);
}

const openConnections = hazard(
  'long-connections',
  undefined,
  'the header is sent when a connection to a target starts; AWS does not publish how long a change takes, or whether all nodes of the load balancer change together',
  'expect connections with and without the header for a while, and restart long connections to change all of them',
);
