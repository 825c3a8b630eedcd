import { proxyPolicyKind } from '../../core/policy.js';
import type { LoadBalancer } from '../shapes.js';

/**
 * Whether an instance port has a policy that says `ProxyProtocol=true`. With two such policies one line is
 * sent, and true wins over false: AWS's behaviour with several is not known.
 */
export function sendsProxyLine(loadBalancer: LoadBalancer, instancePort: number): boolean {
  const names = loadBalancer.backendPolicies.find((one) => one.instancePort === instancePort)?.policyNames;
  if (names === undefined) return false;
  return loadBalancer.policies.some(
    ({ policyName: name, policyTypeName: type, attributes }) =>
      names.includes(name) && proxyPolicyKind({ name, type, attributes }) === 'on',
  );
}
