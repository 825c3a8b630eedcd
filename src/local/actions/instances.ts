import { type Action, read, write } from '../action.js';
import { instanceIds } from '../instance-ids.js';
import type { InstanceState } from '../instance-state.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import { requiredStructureList } from '../request-lists.js';
import { requiredString } from '../request-parameters.js';
import { members } from '../xml.js';

const unregistered: InstanceState = {
  state: 'OutOfService',
  reasonCode: 'Instance',
  description: 'Instance is not currently registered with the LoadBalancer.',
};

const deregistering: InstanceState = {
  state: 'InService',
  reasonCode: 'N/A',
  description: 'Instance deregistration currently in progress.',
};

/** Changes the registered instances, and answers with all of them. */
function changeInstances(
  change: (present: readonly string[], given: readonly string[]) => readonly string[],
): Action {
  return write((state, parameters, { region }) => {
    const name = requiredString(parameters, 'LoadBalancerName');
    requiredStructureList(parameters, 'Instances');
    const given = instanceIds(parameters);
    const loadBalancer = getLoadBalancer(state, region, name);
    const instances = change(loadBalancer.instances, given);
    return {
      state: replaceLoadBalancer(state, { ...loadBalancer, instances }),
      result: { Instances: members(instances.map((id) => ({ InstanceId: id }))) },
    };
  });
}

/** The actions about instances. */
export const instanceActions: Readonly<Record<string, Action>> = {
  RegisterInstancesWithLoadBalancer: changeInstances((present, added) => [
    ...new Set([...present, ...added]),
  ]),
  /** One that is not registered is not an error. */
  DeregisterInstancesFromLoadBalancer: changeInstances((present, removed) =>
    present.filter((id) => !removed.includes(id)),
  ),
  /** The health of the registered instances and those that drain, or of those named, registered or not. */
  DescribeInstanceHealth: read((state, parameters, { region, health }) => {
    const name = requiredString(parameters, 'LoadBalancerName');
    const wanted = instanceIds(parameters);
    const loadBalancer = getLoadBalancer(state, region, name);
    const { instances } = loadBalancer;
    const draining = health.draining(loadBalancer);
    const ids = wanted.length > 0 ? wanted : [...instances, ...draining];
    return {
      InstanceStates: members(
        ids.map((id) => {
          const gone = draining.includes(id) ? deregistering : unregistered;
          const one = instances.includes(id) ? health.stateOf(loadBalancer, id) : gone;
          return {
            InstanceId: id,
            State: one.state,
            ReasonCode: one.reasonCode,
            Description: one.description,
          };
        }),
      ),
    };
  }),
};
