import type { WriteAction } from '../action.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import { atPlaces, placesOf, placesWithout } from '../placement.js';
import { requiredStringList } from '../request-lists.js';
import { requiredString } from '../request-parameters.js';
import { members } from '../xml.js';

/** `DisableAvailabilityZonesForLoadBalancer`: answers with those that are left; the last one stays. */
export const disableAvailabilityZonesForLoadBalancer: WriteAction = {
  kind: 'write',
  name: 'DisableAvailabilityZonesForLoadBalancer',
  run: (state, parameters, { region }) => {
    const name = requiredString(parameters, 'LoadBalancerName');
    const removed = requiredStringList(parameters, 'AvailabilityZones');
    const loadBalancer = getLoadBalancer(state, region, name);
    const left = placesWithout(placesOf(loadBalancer), ({ zone }) => removed.includes(zone));
    const changed = { ...loadBalancer, ...atPlaces(left) };
    return {
      state: replaceLoadBalancer(state, changed),
      result: { AvailabilityZones: members(changed.availabilityZones) },
    };
  },
};
