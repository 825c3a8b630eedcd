import { type Action, read, write } from '../action.js';
import { getLoadBalancer, getPolicy, replaceLoadBalancer } from '../load-balancers.js';
import { createPolicy, isInUse } from '../policy-rules.js';
import { findPolicyType, type PolicyType, policyTypes } from '../policy-types.js';
import { optionalStringList, structureList } from '../request-lists.js';
import { optionalInteger, type Parameters, requiredString } from '../request-parameters.js';
import { invalidConfiguration, ServiceError } from '../service-error.js';
import type { Policy } from '../shapes.js';
import { predefinedPolicies } from '../ssl-policies.js';
import { members, type XmlElements } from '../xml.js';

const describePolicy = (policy: Policy): XmlElements => ({
  PolicyName: policy.policyName,
  PolicyTypeName: policy.policyTypeName,
  PolicyAttributeDescriptions: members(
    policy.attributes.map(({ name, value }) => ({ AttributeName: name, AttributeValue: value })),
  ),
});

function getPredefined(policyName: string): Policy {
  const found = predefinedPolicies.find((one) => one.policyName === policyName);
  if (found === undefined) {
    throw new ServiceError('PolicyNotFound', `There is no policy with name ${policyName}`);
  }
  return found;
}

const describePolicyType = (type: PolicyType): XmlElements => ({
  PolicyTypeName: type.name,
  Description: type.description,
  PolicyAttributeTypeDescriptions: members(
    type.attributes.map((one) => ({
      AttributeName: one.name,
      AttributeType: one.type,
      DefaultValue: one.defaultValue,
      Cardinality: one.cardinality,
    })),
  ),
});

function getPolicyType(name: string): PolicyType {
  const found = findPolicyType(name);
  if (found === undefined) {
    throw new ServiceError('PolicyTypeNotFound', `There is no policy type with name ${name}`);
  }
  return found;
}

/** Creates a policy, of the request's type if none is given. */
function createOfType(
  type: string | undefined,
  attributesOf: (parameters: Parameters) => Policy['attributes'],
): Action {
  return write((state, parameters, { region }) => {
    const loadBalancerName = requiredString(parameters, 'LoadBalancerName');
    const policyName = requiredString(parameters, 'PolicyName');
    const policyTypeName = type ?? requiredString(parameters, 'PolicyTypeName');
    const attributes = attributesOf(parameters);
    const loadBalancer = getLoadBalancer(state, region, loadBalancerName);
    return {
      state: createPolicy(state, loadBalancer, { policyName, policyTypeName, attributes }),
      result: {},
    };
  });
}

/** The actions about policies and their types. */
export const policyActions: Readonly<Record<string, Action>> = {
  /** A policy of any type; it does nothing until it is set somewhere. */
  CreateLoadBalancerPolicy: createOfType(undefined, (parameters) =>
    structureList(parameters, 'PolicyAttributes').map((one) => ({
      name: one.get('AttributeName') ?? '',
      value: one.get('AttributeValue') ?? '',
    })),
  ),
  /** Creates a policy of type AppCookieStickinessPolicyType. */
  CreateAppCookieStickinessPolicy: createOfType('AppCookieStickinessPolicyType', (parameters) => [
    { name: 'CookieName', value: requiredString(parameters, 'CookieName') },
  ]),
  /** Creates a policy of type LBCookieStickinessPolicyType. */
  CreateLBCookieStickinessPolicy: createOfType('LBCookieStickinessPolicyType', (parameters) => {
    const period = optionalInteger(parameters, 'CookieExpirationPeriod', { min: 0 });
    return period === undefined ? [] : [{ name: 'CookieExpirationPeriod', value: String(period) }];
  }),
  /** A load balancer's policies, or without its name the predefined ones. */
  DescribeLoadBalancerPolicies: read((state, parameters, { region }) => {
    const name = parameters.get('LoadBalancerName');
    const wanted = optionalStringList(parameters, 'PolicyNames') ?? [];
    if (!name) {
      const policies = wanted.length > 0 ? wanted.map(getPredefined) : predefinedPolicies;
      return { PolicyDescriptions: members(policies.map(describePolicy)) };
    }
    const loadBalancer = getLoadBalancer(state, region, name);
    // One unknown name fails the whole call (cloud-custodian/cloud-custodian#207).
    const policies =
      wanted.length > 0 ? wanted.map((one) => getPolicy(loadBalancer, one)) : loadBalancer.policies;
    return { PolicyDescriptions: members(policies.map(describePolicy)) };
  }),
  /**
   * Removes a policy that nothing uses.
   * One that is not there is not an error: the model lists no PolicyNotFound, and every operation is idempotent.
   */
  DeleteLoadBalancerPolicy: write((state, parameters, { region }) => {
    const loadBalancerName = requiredString(parameters, 'LoadBalancerName');
    const policyName = requiredString(parameters, 'PolicyName');
    const loadBalancer = getLoadBalancer(state, region, loadBalancerName);
    if (!loadBalancer.policies.some((one) => one.policyName === policyName)) return { state, result: {} };
    if (isInUse(loadBalancer, policyName)) {
      // The real service's text (hashicorp/terraform#10989).
      throw invalidConfiguration(
        `You cannot delete policy [${policyName}] since it is enabled or referred by other enabled policy.`,
      );
    }
    const policies = loadBalancer.policies.filter((one) => one.policyName !== policyName);
    return { state: replaceLoadBalancer(state, { ...loadBalancer, policies }), result: {} };
  }),
  /** The six types that policies can have. */
  DescribeLoadBalancerPolicyTypes: read((_state, parameters) => {
    const wanted = optionalStringList(parameters, 'PolicyTypeNames') ?? [];
    const types = wanted.length > 0 ? wanted.map(getPolicyType) : policyTypes;
    return { PolicyTypeDescriptions: members(types.map(describePolicyType)) };
  }),
};
