import type { WriteAction } from '../action.js';
import { getLoadBalancer } from '../load-balancers.js';
import { createPolicy } from '../policy-rules.js';
import { structureList } from '../request-lists.js';
import { requiredString } from '../request-parameters.js';

/** `CreateLoadBalancerPolicy`: a policy of any type; it does nothing until it is set somewhere. */
export const createLoadBalancerPolicy: WriteAction = {
  kind: 'write',
  name: 'CreateLoadBalancerPolicy',
  run: (state, parameters, { region }) => {
    const loadBalancerName = requiredString(parameters, 'LoadBalancerName');
    const policyName = requiredString(parameters, 'PolicyName');
    const policyTypeName = requiredString(parameters, 'PolicyTypeName');
    const attributes = structureList(parameters, 'PolicyAttributes').map((one) => ({
      name: one.get('AttributeName') ?? '',
      value: one.get('AttributeValue') ?? '',
    }));
    const loadBalancer = getLoadBalancer(state, region, loadBalancerName);
    return {
      state: createPolicy(state, loadBalancer, { policyName, policyTypeName, attributes }),
      result: {},
    };
  },
};
