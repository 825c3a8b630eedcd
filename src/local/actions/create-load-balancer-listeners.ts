import type { WriteAction } from '../action.js';
import { addListeners, parseListener, withDefaultSecurityPolicy } from '../listener-rules.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import { requiredStructureList } from '../request-lists.js';
import { requiredString } from '../request-parameters.js';

/** `CreateLoadBalancerListeners`: all of them, or none. */
export const createLoadBalancerListeners: WriteAction = {
  kind: 'write',
  name: 'CreateLoadBalancerListeners',
  run: (state, parameters, { region }) => {
    const name = requiredString(parameters, 'LoadBalancerName');
    const added = requiredStructureList(parameters, 'Listeners').map(parseListener);
    const loadBalancer = getLoadBalancer(state, region, name);
    const listeners = addListeners(name, loadBalancer.listeners, added);
    const policies = withDefaultSecurityPolicy(loadBalancer.policies, listeners);
    return { state: replaceLoadBalancer(state, { ...loadBalancer, listeners, policies }), result: {} };
  },
};
