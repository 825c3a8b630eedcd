import type { WriteAction } from '../action.js';
import { checkNameCharacters } from '../load-balancer-name.js';
import { findLoadBalancer } from '../load-balancers.js';
import { requiredString } from '../request-parameters.js';

/** `DeleteLoadBalancer`: succeeds even when there is none of that name. Its address is not used again. */
export const deleteLoadBalancer: WriteAction = {
  kind: 'write',
  name: 'DeleteLoadBalancer',
  run: (state, parameters, { region }) => {
    const name = checkNameCharacters(requiredString(parameters, 'LoadBalancerName'));
    const found = findLoadBalancer(state, region, name);
    if (found === undefined) return { state, result: {} };
    const loadBalancers = state.loadBalancers.filter((one) => one !== found);
    return { state: { ...state, loadBalancers }, result: {} };
  },
};
