import type { WriteAction } from '../action.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import { requiredStringList } from '../request-lists.js';
import { requiredString } from '../request-parameters.js';
import { constraintError } from '../service-error.js';

/**
 * `DeleteLoadBalancerListeners`: a port without a listener is not an error.
 * Policies on the instance port stay as they are, even when no listener is left for it.
 */
export const deleteLoadBalancerListeners: WriteAction = {
  kind: 'write',
  name: 'DeleteLoadBalancerListeners',
  run: (state, parameters, { region }) => {
    const name = requiredString(parameters, 'LoadBalancerName');
    const ports = requiredStringList(parameters, 'LoadBalancerPorts').map((text, index) => {
      if (!/^\d{1,9}$/.test(text)) {
        throw constraintError(text, `loadBalancerPorts.${index + 1}.member`, 'be an integer');
      }
      return Number(text);
    });
    const loadBalancer = getLoadBalancer(state, region, name);
    const listeners = loadBalancer.listeners.filter((one) => !ports.includes(one.loadBalancerPort));
    return { state: replaceLoadBalancer(state, { ...loadBalancer, listeners }), result: {} };
  },
};
