import type { ReadAction } from '../action.js';
import { describeAttributes } from '../attribute-rules.js';
import { getLoadBalancer } from '../load-balancers.js';
import { requiredString } from '../request-parameters.js';

/** `DescribeLoadBalancerAttributes`: cross-zone, access log, draining, idle timeout. */
export const describeLoadBalancerAttributes: ReadAction = {
  kind: 'read',
  name: 'DescribeLoadBalancerAttributes',
  run: (state, parameters, { region }) => {
    const loadBalancer = getLoadBalancer(state, region, requiredString(parameters, 'LoadBalancerName'));
    return { LoadBalancerAttributes: describeAttributes(loadBalancer.attributes) };
  },
};
