import type { WriteAction } from '../action.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import { atPlaces, placesOf, placesWithout } from '../placement.js';
import { requiredStringList } from '../request-lists.js';
import { requiredString } from '../request-parameters.js';
import { members } from '../xml.js';

/** `DetachLoadBalancerFromSubnets`: answers with those that are left; the last one stays. */
export const detachLoadBalancerFromSubnets: WriteAction = {
  kind: 'write',
  name: 'DetachLoadBalancerFromSubnets',
  run: (state, parameters, { region }) => {
    const name = requiredString(parameters, 'LoadBalancerName');
    const removed = requiredStringList(parameters, 'Subnets');
    const loadBalancer = getLoadBalancer(state, region, name);
    const left = placesWithout(placesOf(loadBalancer), ({ subnet }) => removed.includes(subnet));
    const changed = { ...loadBalancer, ...atPlaces(left) };
    return { state: replaceLoadBalancer(state, changed), result: { Subnets: members(changed.subnets) } };
  },
};
