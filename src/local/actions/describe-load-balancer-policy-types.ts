import type { ReadAction } from '../action.js';
import { findPolicyType, type PolicyType, policyTypes } from '../policy-types.js';
import { optionalStringList } from '../request-lists.js';
import { ServiceError } from '../service-error.js';
import { members, type XmlElements } from '../xml.js';

const describe = (type: PolicyType): XmlElements => ({
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
    throw new ServiceError('PolicyTypeNotFound', 400, `There is no policy type with name ${name}`);
  }
  return found;
}

/** `DescribeLoadBalancerPolicyTypes`: the six types that policies can have. */
export const describeLoadBalancerPolicyTypes: ReadAction = {
  kind: 'read',
  name: 'DescribeLoadBalancerPolicyTypes',
  run: (_state, parameters) => {
    const wanted = optionalStringList(parameters, 'PolicyTypeNames') ?? [];
    const types = wanted.length > 0 ? wanted.map(getPolicyType) : policyTypes;
    return { PolicyTypeDescriptions: members(types.map(describe)) };
  },
};
