import type { LoadBalancer } from '../model.js';
import { type HazardLevel, type HazardQuestion, hazardsWith, readAgain } from './hazard.js';
import { managersOf } from './managers.js';

/** Hazards of other systems that manage the load balancer. */
export const managementLevels = {
  'managed-elsewhere': 'warning',
  'unknown-tags': 'note',
} as const satisfies Record<string, HazardLevel>;

const hazard = hazardsWith(managementLevels);

/** Who else may change the load balancer. */
export function managementHazards(
  loadBalancer: LoadBalancer,
  { asked }: HazardQuestion,
): readonly ReturnType<typeof hazard>[] {
  const managed = managersOf(loadBalancer).map(({ manager, evidence, where }) =>
    hazard(
      'managed-elsewhere',
      undefined,
      `${manager} seems to manage this load balancer (${evidence}): it may revert or overwrite the change`,
      where,
    ),
  );
  if (loadBalancer.tags !== undefined || !asked) return managed;
  return [
    ...managed,
    hazard(
      'unknown-tags',
      undefined,
      'the tags could not be read, so it is not known whether Kubernetes, CloudFormation, Elastic Beanstalk or Terraform manages this load balancer',
      `${readAgain('DescribeTags', loadBalancer.notRead?.tags)}; or ask who created the load balancer`,
    ),
  ];
}
