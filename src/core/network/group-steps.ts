import { proxyProtocolV2Key, type TargetGroup } from '../network-load-balancer.js';
import { valueOf } from './group-state.js';
import { type ModifyAttributeStep, sameValue } from './modify-step.js';

/** The step to the goal; none if it already holds, undefined if the attribute's value is not known. */
export function groupSteps(
  group: Pick<TargetGroup, 'arn' | 'attributes'>,
  action: 'enable' | 'disable',
): readonly ModifyAttributeStep[] | undefined {
  const before = valueOf(group);
  if (before === undefined) return undefined;
  const after = action === 'enable' ? 'true' : 'false';
  if (sameValue(before, after)) return [];
  return [
    {
      call: 'ModifyTargetGroupAttributes',
      targetGroupArn: group.arn,
      key: proxyProtocolV2Key,
      before,
      after,
    },
  ];
}
