import type { ReadAction } from '../../action.js';
import { requiredString } from '../../request-parameters.js';
import { describeAttributesV2 } from '../attribute-rules.js';
import { loadBalancerAttributesV2 } from '../default-attributes.js';
import { getLoadBalancerV2 } from '../found.js';

/** `DescribeLoadBalancerAttributes`. */
export const describeLoadBalancerAttributes: ReadAction = {
  kind: 'read',
  name: 'DescribeLoadBalancerAttributes',
  run: (state, parameters, { region }) => {
    const one = getLoadBalancerV2(state, region, requiredString(parameters, 'LoadBalancerArn'));
    return { Attributes: describeAttributesV2(loadBalancerAttributesV2(one)) };
  },
};
