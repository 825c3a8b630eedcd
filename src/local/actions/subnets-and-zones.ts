import { type Action, type ActionContext, write } from '../action.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import {
  addSubnets,
  addZones,
  atPlaces,
  checkSubnets,
  checkZone,
  type Place,
  placesOf,
  placesWithout,
} from '../placement.js';
import { requiredStringList } from '../request-lists.js';
import { requiredString } from '../request-parameters.js';
import { members } from '../xml.js';

type ChangePlaces = (
  places: readonly Place[],
  given: readonly string[],
  context: ActionContext,
) => readonly Place[];

/** Changes a load balancer's subnets or zones, and answers with all of them. */
function changePlaces(list: 'Subnets' | 'AvailabilityZones', change: ChangePlaces): Action {
  return write((state, parameters, context) => {
    const name = requiredString(parameters, 'LoadBalancerName');
    const given = requiredStringList(parameters, list);
    const loadBalancer = getLoadBalancer(state, context.region, name);
    const places = atPlaces(change(placesOf(loadBalancer), given, context));
    return {
      state: replaceLoadBalancer(state, { ...loadBalancer, ...places }),
      result: { [list]: members(list === 'Subnets' ? places.subnets : places.availabilityZones) },
    };
  });
}

/** The actions on subnets and zones. Adding one again is not an error; the last one cannot be removed. */
export const placeActions: Readonly<Record<string, Action>> = {
  AttachLoadBalancerToSubnets: changePlaces('Subnets', (places, added, { region }) => {
    checkSubnets(added);
    return addSubnets(places, added, region);
  }),
  DetachLoadBalancerFromSubnets: changePlaces('Subnets', (places, removed) =>
    placesWithout(places, ({ subnet }) => removed.includes(subnet)),
  ),
  EnableAvailabilityZonesForLoadBalancer: changePlaces(
    'AvailabilityZones',
    (places, added, { region, accountId }) => {
      for (const zone of added) checkZone(zone, region);
      return addZones(places, added, accountId);
    },
  ),
  DisableAvailabilityZonesForLoadBalancer: changePlaces('AvailabilityZones', (places, removed) =>
    placesWithout(places, ({ zone }) => removed.includes(zone)),
  ),
};
