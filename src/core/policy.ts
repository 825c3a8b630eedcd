import { type Policy, proxyProtocolAttribute, proxyProtocolPolicyType } from './model.js';

/**
 * `on`: a policy that makes the load balancer send the PROXY line.
 * `off`: of the same type, but says `ProxyProtocol=false`.
 * `other`: any other policy, including one of the type without the attribute.
 */
export type ProxyPolicyKind = 'on' | 'off' | 'other';

/** A policy's meaning, by type and attribute, never by name; clients write `true` and `True`. */
export function proxyPolicyKind(policy: Policy): ProxyPolicyKind {
  if (policy.type !== proxyProtocolPolicyType) return 'other';
  const values = policy.attributes
    .filter((attribute) => attribute.name === proxyProtocolAttribute)
    .map((attribute) => attribute.value.trim().toLowerCase());
  if (values.includes('true')) return 'on';
  return values.includes('false') ? 'off' : 'other';
}

/** The names of a load balancer's policies that are of one kind, in the order that the service gave them. */
export function policyNamesOfKind(
  policies: readonly Policy[] | undefined,
  kind: ProxyPolicyKind,
): readonly string[] {
  return (policies ?? []).filter((policy) => proxyPolicyKind(policy) === kind).map((policy) => policy.name);
}

/** Whether two policies would be the same to the service: name, type and attributes, in any order and letter case of Booleans. */
export function samePolicy(a: Policy, b: Policy): boolean {
  return a.name === b.name && a.type === b.type && attributeKey(a) === attributeKey(b);
}

function attributeKey(policy: Policy): string {
  const pairs = policy.attributes.map(
    ({ name, value }) => `${name}=${/^(true|false)$/i.test(value) ? value.toLowerCase() : value}`,
  );
  return JSON.stringify(pairs.toSorted());
}
