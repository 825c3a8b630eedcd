import type { WriteAction } from '../action.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import { addSubnets, atPlaces, checkSubnets, placesOf } from '../placement.js';
import { requiredStringList } from '../request-lists.js';
import { requiredString } from '../request-parameters.js';
import { members } from '../xml.js';

/** `AttachLoadBalancerToSubnets`: answers with all of them; one that it is in already is not an error. */
export const attachLoadBalancerToSubnets: WriteAction = {
  kind: 'write',
  name: 'AttachLoadBalancerToSubnets',
  run: (state, parameters, { region }) => {
    const name = requiredString(parameters, 'LoadBalancerName');
    const added = requiredStringList(parameters, 'Subnets');
    const loadBalancer = getLoadBalancer(state, region, name);
    checkSubnets(added);
    const changed = { ...loadBalancer, ...atPlaces(addSubnets(placesOf(loadBalancer), added, region)) };
    return { state: replaceLoadBalancer(state, changed), result: { Subnets: members(changed.subnets) } };
  },
};
