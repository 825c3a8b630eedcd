import type { ModifyAttributeStep } from './modify-step.js';

/** The parameters of the call, under the API's own names. */
export function modifyInput({
  targetGroupArn,
  key,
  after,
}: ModifyAttributeStep): Readonly<Record<string, unknown>> {
  return { TargetGroupArn: targetGroupArn, Attributes: [{ Key: key, Value: after }] };
}

/** The same as options of the AWS CLI. */
export function modifyOptions({ targetGroupArn, key, after }: ModifyAttributeStep): readonly string[] {
  return ['--target-group-arn', targetGroupArn, '--attributes', `Key=${key},Value=${after}`];
}

/** The options' values that come from elsewhere; an ARN's own colons and slashes mean nothing to a shell or to the AWS CLI. */
export function modifyValues({ targetGroupArn, key, after }: ModifyAttributeStep): readonly string[] {
  return [targetGroupArn.replaceAll(/[:/]/g, '-'), key, after];
}
