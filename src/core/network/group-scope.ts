import { proxyProtocolV2Key } from '../network-load-balancer.js';
import type { Action } from '../plan-change.js';
import type { ModifyAttributeStep } from './modify-step.js';
import type { NetworkChange } from './network-change.js';

/** The effects of a change of a plan file besides switching the PROXY protocol of its own target group. */
export function outOfGroupScope(
  { targetGroup }: NetworkChange,
  remaining: readonly ModifyAttributeStep[],
): readonly string[] {
  return remaining.flatMap(({ key, targetGroupArn, after }) => [
    ...(key === proxyProtocolV2Key ? [] : [`set ${String(key)}`]),
    ...(after === 'true' || after === 'false' ? [] : [`set ${key} to ${String(after)}`]),
    ...(targetGroupArn === targetGroup.arn ? [] : [`change the attributes of ${targetGroupArn}`]),
  ]);
}

/** The effects of a change that contradict its plan's action; an undo may do either. */
export function againstGroupAction(
  action: Action,
  { targetGroup: { name } }: NetworkChange,
  remaining: readonly ModifyAttributeStep[],
): readonly string[] {
  if (action === 'undo') return [];
  const goal = action === 'enable' ? 'true' : 'false';
  return remaining.flatMap(({ key, after }) =>
    after === goal ? [] : [`set ${key} of target group ${name} to ${after}`],
  );
}
