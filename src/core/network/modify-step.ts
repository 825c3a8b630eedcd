import type { proxyProtocolV2Key } from '../network-load-balancer.js';

/** The attribute's value; null if the service does not list it, so that its default, false, holds. */
export type AttributeValue = 'true' | 'false' | null;

/** Sets one attribute of a target group; its other attributes stay. */
export interface ModifyAttributeStep {
  readonly call: 'ModifyTargetGroupAttributes';
  readonly targetGroupArn: string;
  readonly key: typeof proxyProtocolV2Key;
  readonly before: AttributeValue;
  readonly after: 'true' | 'false';
}

/** The way back. What was not listed is written as its default: the API has no way to take a key away again. */
export function invertModify(step: ModifyAttributeStep): ModifyAttributeStep {
  return { ...step, before: step.after, after: step.before ?? 'false' };
}

/** Whether two values mean the same: one that is not listed is false. */
export function sameValue(a: AttributeValue, b: AttributeValue): boolean {
  return (a ?? 'false') === (b ?? 'false');
}

/** The value for people. */
export function showValue(value: AttributeValue): string {
  return value ?? 'not set (its default is false)';
}

/** The name in a target group's ARN, `…:targetgroup/NAME/ID`; the ARN itself where it is of another form. */
export function groupNameOf(arn: string): string {
  return /:targetgroup\/([^/]+)\//.exec(arn)?.[1] ?? arn;
}

/** The step in a few words. */
export function describeModify({ targetGroupArn, key, after }: ModifyAttributeStep): string {
  return `set ${key} of target group ${groupNameOf(targetGroupArn)} to ${after}`;
}

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
