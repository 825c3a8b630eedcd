import { sameValue } from '../core/network/modify-step.js';
import type { NetworkChange } from '../core/network/network-change.js';
import type { Action } from '../core/plan.js';

/** The part of a target group's change that contradicts the rest of it, or the plan's action. */
export function contradictingGroup(
  action: Action,
  { loadBalancer, targetGroup, steps, hazards }: NetworkChange,
): string | undefined {
  const misnamed = beyondArn('loadBalancer', loadBalancer) ?? beyondArn('targetGroup', targetGroup);
  if (misnamed !== undefined) return misnamed;
  const { loadBalancerArns } = targetGroup;
  if (loadBalancerArns.length > 1) return 'targetGroup.loadBalancerArns names more than one load balancer';
  const [isOn] = loadBalancerArns;
  if (isOn !== undefined && isOn !== loadBalancer.arn)
    return `targetGroup.loadBalancerArns[0] is ${isOn}, and loadBalancer.arn is ${loadBalancer.arn}`;
  const foreign = hazards.findIndex(
    (hazard) => (hazard.targetGroup ?? targetGroup.name) !== targetGroup.name,
  );
  if (foreign !== -1)
    return `hazards[${foreign}].targetGroup is ${hazards[foreign]?.targetGroup}, and targetGroup.name is ${targetGroup.name}`;
  const [step] = steps;
  if (step === undefined) return undefined;
  if (step.targetGroupArn !== targetGroup.arn)
    return `steps[0].targetGroupArn is ${step.targetGroupArn}, and targetGroup.arn is ${targetGroup.arn}`;
  if (action === 'undo') return undefined;
  if (sameValue(step.before, step.after)) return 'steps[0].after means the same as before';
  const goal = action === 'enable' ? 'true' : 'false';
  return step.after === goal ? undefined : `steps[0].after is ${step.after}, and action is ${action}`;
}

/** The write goes to the ARN: a name or an account that is shown with it must be the one in it. */
function beyondArn(
  field: string,
  {
    arn,
    name,
    accountId,
  }: { readonly arn: string; readonly name: string; readonly accountId?: string | undefined },
): string | undefined {
  // An emulator's ARN may have another form, which says nothing.
  const [, account, named] =
    /^arn:[^:]+:elasticloadbalancing:[^:]*:(\d{12}):(?:loadbalancer\/[a-z]+|targetgroup)\/([^/]+)\/[^/]+$/.exec(
      arn,
    ) ?? [];
  if (named !== undefined && named !== name) return `${field}.name is ${name}, and ${field}.arn is ${arn}`;
  return account === undefined || accountId === undefined || account === accountId
    ? undefined
    : `${field}.accountId is ${accountId}, and ${field}.arn is ${arn}`;
}
