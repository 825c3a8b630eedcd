import type { LoadBalancerIdentity } from '../model.js';
import { type NetworkListener, proxyProtocolV2Key, type TargetGroup } from '../network-load-balancer.js';
import type { AttributeValue, ModifyAttributeStep } from './modify-step.js';

/** A target group as it was read, with the listeners of its load balancer that forward to it. */
export interface GroupState extends Pick<LoadBalancerIdentity, 'name' | 'region'> {
  readonly group: TargetGroup;
  /** Those of the load balancer that the change is about. */
  readonly listeners: readonly NetworkListener[];
}

/** The attribute as it was read, in any letter case; undefined if it says neither true nor false, or was not read. */
export function valueOf({ attributes }: Pick<TargetGroup, 'attributes'>): AttributeValue | undefined {
  if (attributes === undefined) return undefined;
  const value = attributes[proxyProtocolV2Key];
  if (value === undefined) return null;
  const lower = value.trim().toLowerCase();
  return lower === 'true' || lower === 'false' ? lower : undefined;
}

/** The attribute in the service's own words. */
export function rawValue({ attributes }: Pick<TargetGroup, 'attributes'>): string {
  if (attributes === undefined) return 'not read';
  return attributes[proxyProtocolV2Key] ?? 'not set (its default is false)';
}

/** The load balancers that a group is on, each once: one that several listeners lead to may be there twice. */
export function loadBalancersOf({
  loadBalancerArns,
}: Pick<TargetGroup, 'loadBalancerArns'>): readonly string[] {
  return [...new Set(loadBalancerArns ?? [])].toSorted();
}

/** The group as it would be after a step. */
export function simulateModify(state: GroupState, { key, after }: ModifyAttributeStep): GroupState {
  const { group } = state;
  return { ...state, group: { ...group, attributes: { ...group.attributes, [key]: after } } };
}
