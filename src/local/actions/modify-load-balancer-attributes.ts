import type { WriteAction } from '../action.js';
import { describeAttributesOf, mergeAttributes } from '../attribute-rules.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import { optionalStructure } from '../request-lists.js';
import { requiredString } from '../request-parameters.js';
import { constraintError } from '../service-error.js';

/** `ModifyLoadBalancerAttributes`: changes the attributes that are named and leaves the others. */
export const modifyLoadBalancerAttributes: WriteAction = {
  kind: 'write',
  name: 'ModifyLoadBalancerAttributes',
  run: (state, parameters, { region }) => {
    const name = requiredString(parameters, 'LoadBalancerName');
    const wanted = optionalStructure(parameters, 'LoadBalancerAttributes');
    if (wanted === undefined) throw constraintError(null, 'loadBalancerAttributes', 'not be null');
    const loadBalancer = getLoadBalancer(state, region, name);
    const attributes = mergeAttributes(loadBalancer.attributes, wanted);
    return {
      state: replaceLoadBalancer(state, { ...loadBalancer, attributes }),
      result: { LoadBalancerName: name, LoadBalancerAttributes: describeAttributesOf(attributes, wanted) },
    };
  },
};
