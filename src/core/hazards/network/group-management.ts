import type { NetworkLoadBalancer, TargetGroup } from '../../network-load-balancer.js';
import { hazardsWith, type NetworkHazardQuestion, readAgain } from '../hazard.js';
import { managementLevels } from '../management.js';
import { groupManagersOf } from './network-managers.js';

const hazard = hazardsWith(managementLevels);

/** Who else may change a target group. */
export function groupManagementHazards(
  loadBalancer: NetworkLoadBalancer,
  group: TargetGroup,
  { asked }: NetworkHazardQuestion,
): readonly ReturnType<typeof hazard>[] {
  const managed = groupManagersOf(group, loadBalancer).map(({ manager, evidence, where }) =>
    hazard(
      'managed-elsewhere',
      group.name,
      `${manager} seems to manage target group ${group.name} (${evidence}): it may revert or overwrite the change`,
      where,
    ),
  );
  if (!asked || (group.tags !== undefined && loadBalancer.tags !== undefined)) return managed;
  return [
    ...managed,
    hazard(
      'unknown-tags',
      group.name,
      `the tags of target group ${group.name} or its load balancer could not be read, so it is not known whether Kubernetes, CloudFormation, Elastic Beanstalk or Terraform manages it`,
      `${readAgain('DescribeTags', group.notRead?.tags ?? loadBalancer.notRead?.tags)}; or ask who created it`,
    ),
  ];
}
