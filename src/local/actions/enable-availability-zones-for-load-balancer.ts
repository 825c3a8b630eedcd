import type { WriteAction } from '../action.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import { addZones, atPlaces, checkZone, placesOf } from '../placement.js';
import { requiredStringList } from '../request-lists.js';
import { requiredString } from '../request-parameters.js';
import { members } from '../xml.js';

/** `EnableAvailabilityZonesForLoadBalancer`: answers with all of them; one that it has already is not an error. */
export const enableAvailabilityZonesForLoadBalancer: WriteAction = {
  kind: 'write',
  name: 'EnableAvailabilityZonesForLoadBalancer',
  run: (state, parameters, { region, accountId }) => {
    const name = requiredString(parameters, 'LoadBalancerName');
    const added = requiredStringList(parameters, 'AvailabilityZones');
    const loadBalancer = getLoadBalancer(state, region, name);
    for (const zone of added) checkZone(zone, region);
    const changed = { ...loadBalancer, ...atPlaces(addZones(placesOf(loadBalancer), added, accountId)) };
    return {
      state: replaceLoadBalancer(state, changed),
      result: { AvailabilityZones: members(changed.availabilityZones) },
    };
  },
};
