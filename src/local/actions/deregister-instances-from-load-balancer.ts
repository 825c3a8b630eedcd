import type { WriteAction } from '../action.js';
import { instanceIds } from '../instance-ids.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import { requiredStructureList } from '../request-lists.js';
import { requiredString } from '../request-parameters.js';
import { members } from '../xml.js';

/** `DeregisterInstancesFromLoadBalancer`: answers with those that are left; one not registered is not an error. */
export const deregisterInstancesFromLoadBalancer: WriteAction = {
  kind: 'write',
  name: 'DeregisterInstancesFromLoadBalancer',
  run: (state, parameters, { region }) => {
    const name = requiredString(parameters, 'LoadBalancerName');
    requiredStructureList(parameters, 'Instances');
    const removed = instanceIds(parameters);
    const loadBalancer = getLoadBalancer(state, region, name);
    const instances = loadBalancer.instances.filter((id) => !removed.includes(id));
    return {
      state: replaceLoadBalancer(state, { ...loadBalancer, instances }),
      result: { Instances: members(instances.map((id) => ({ InstanceId: id }))) },
    };
  },
};
