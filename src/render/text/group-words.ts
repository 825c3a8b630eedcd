import { checkWords } from '../../core/hazards/network/health-check-table.js';
import type { AttributeValue, ModifyAttributeStep } from '../../core/network/modify-step.js';
import type { NetworkChange, PlannedTargetGroup } from '../../core/network/network-change.js';
import type { Style } from '../style.js';
import { counted } from './counted.js';
import { waysTo } from './listener-picture.js';

/** A target group in short facts. */
export function groupFacts({
  name,
  protocol,
  port,
  targetType,
  healthCheck,
  loadBalancerArns,
}: PlannedTargetGroup): readonly string[] {
  return [
    `target group ${name}`,
    `${protocol}${port === undefined ? '' : ` ${port}`}`,
    ...(targetType === undefined ? [] : [`targets of type ${targetType}`]),
    ...(healthCheck === undefined
      ? ['health check not known']
      : [`health check ${healthCheck.enabled === false ? 'off' : checkWords({ healthCheck })}`]),
    ...(loadBalancerArns.length === 0 ? ['on no load balancer'] : []),
  ];
}

/** The listeners and targets that switching a target group touches. */
export function groupTouches({ affects, targetGroup }: NetworkChange, style: Style): readonly string[] {
  const listeners = affects.listeners.map(({ protocol, port }) => `${protocol} ${port}`);
  return [
    ...waysTo([{ place: `target group ${targetGroup.name}`, listeners }], style).flat(),
    targetWords(affects.targets),
  ];
}

/** The number of targets, and of healthy ones. */
export function targetWords(targets: NetworkChange['affects']['targets']): string {
  if (targets === undefined) return "targets' health is not known";
  if (targets.total === 0) return 'no targets are registered';
  return `${counted(targets.total, 'target')}, ${targets.healthy} healthy`;
}

/** The attribute with a value. */
export function attributeWords(key: ModifyAttributeStep['key'], value: AttributeValue): string {
  return value === null ? `${key} not set (its default is false)` : `${key}=${value}`;
}
