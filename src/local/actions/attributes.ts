import { type Action, read, write } from '../action.js';
import { describeAttributes, describeAttributesOf, mergeAttributes } from '../attribute-rules.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import { optionalStructure } from '../request-lists.js';
import { requiredString } from '../request-parameters.js';
import { constraintError } from '../service-error.js';

/** The actions about attributes. */
export const attributeActions: Readonly<Record<string, Action>> = {
  DescribeLoadBalancerAttributes: read((state, parameters, { region }) => {
    const loadBalancer = getLoadBalancer(state, region, requiredString(parameters, 'LoadBalancerName'));
    return { LoadBalancerAttributes: describeAttributes(loadBalancer.attributes) };
  }),
  /** Changes the attributes that are named and leaves the others. */
  ModifyLoadBalancerAttributes: write((state, parameters, { region }) => {
    const name = requiredString(parameters, 'LoadBalancerName');
    const wanted = optionalStructure(parameters, 'LoadBalancerAttributes');
    if (wanted === undefined) throw constraintError(null, 'loadBalancerAttributes', 'not be null');
    const loadBalancer = getLoadBalancer(state, region, name);
    const attributes = mergeAttributes(loadBalancer.attributes, wanted);
    return {
      state: replaceLoadBalancer(state, { ...loadBalancer, attributes }),
      result: { LoadBalancerName: name, LoadBalancerAttributes: describeAttributesOf(attributes, wanted) },
    };
  }),
};
