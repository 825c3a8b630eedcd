import type { WriteAction } from '../action.js';
import { instanceIds } from '../instance-ids.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import { requiredStructureList } from '../request-lists.js';
import { requiredString } from '../request-parameters.js';
import { members } from '../xml.js';

/** `RegisterInstancesWithLoadBalancer`: answers with all that are registered now. */
export const registerInstancesWithLoadBalancer: WriteAction = {
  kind: 'write',
  name: 'RegisterInstancesWithLoadBalancer',
  run: (state, parameters, { region }) => {
    const name = requiredString(parameters, 'LoadBalancerName');
    requiredStructureList(parameters, 'Instances');
    const added = instanceIds(parameters);
    const loadBalancer = getLoadBalancer(state, region, name);
    const instances = [...new Set([...loadBalancer.instances, ...added])];
    return {
      state: replaceLoadBalancer(state, { ...loadBalancer, instances }),
      result: { Instances: members(instances.map((id) => ({ InstanceId: id }))) },
    };
  },
};
