import type { WriteAction } from '../../action.js';
import { requiredString } from '../../request-parameters.js';
import { checkAttributes, describeAttributesV2, mergePairs, parseAttributes } from '../attribute-rules.js';
import { loadBalancerAttributesV2 } from '../default-attributes.js';
import { getLoadBalancerV2, replaceLoadBalancerV2 } from '../found.js';

/** `ModifyLoadBalancerAttributes`: changes the attributes that are named and leaves the others. */
export const modifyLoadBalancerAttributes: WriteAction = {
  kind: 'write',
  name: 'ModifyLoadBalancerAttributes',
  run: (state, parameters, { region }) => {
    const wanted = parseAttributes(parameters, 20);
    const one = getLoadBalancerV2(state, region, requiredString(parameters, 'LoadBalancerArn'));
    checkAttributes(wanted, loadBalancerAttributesV2(one), 'Load balancer');
    const changed = { ...one, attributes: mergePairs(one.attributes, wanted) };
    return {
      state: replaceLoadBalancerV2(state, changed),
      result: { Attributes: describeAttributesV2(loadBalancerAttributesV2(changed)) },
    };
  },
};
