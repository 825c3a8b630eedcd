import type { ReadAction } from '../action.js';
import { getLoadBalancer, getPolicy } from '../load-balancers.js';
import { optionalStringList } from '../request-lists.js';
import { optionalString } from '../request-parameters.js';
import { ServiceError } from '../service-error.js';
import type { Policy } from '../shapes.js';
import { predefinedPolicies } from '../ssl-policies.js';
import { members, type XmlElements } from '../xml.js';

const describe = (policy: Policy): XmlElements => ({
  PolicyName: policy.policyName,
  PolicyTypeName: policy.policyTypeName,
  PolicyAttributeDescriptions: members(
    policy.attributes.map(({ name, value }) => ({ AttributeName: name, AttributeValue: value })),
  ),
});

function getPredefined(policyName: string): Policy {
  const found = predefinedPolicies.find((one) => one.policyName === policyName);
  if (found === undefined) {
    throw new ServiceError('PolicyNotFound', 400, `There is no policy with name ${policyName}`);
  }
  return found;
}

/** `DescribeLoadBalancerPolicies`: a load balancer's policies, or without its name the predefined ones. */
export const describeLoadBalancerPolicies: ReadAction = {
  kind: 'read',
  name: 'DescribeLoadBalancerPolicies',
  run: (state, parameters, { region }) => {
    const name = optionalString(parameters, 'LoadBalancerName');
    const wanted = optionalStringList(parameters, 'PolicyNames') ?? [];
    if (!name) {
      const policies = wanted.length > 0 ? wanted.map(getPredefined) : predefinedPolicies;
      return { PolicyDescriptions: members(policies.map(describe)) };
    }
    const loadBalancer = getLoadBalancer(state, region, name);
    // One unknown name fails the whole call (cloud-custodian/cloud-custodian#207).
    const policies =
      wanted.length > 0 ? wanted.map((one) => getPolicy(loadBalancer, one)) : loadBalancer.policies;
    return { PolicyDescriptions: members(policies.map(describe)) };
  },
};
