import type { ReadAction } from '../action.js';
import { instanceIds } from '../instance-ids.js';
import type { InstanceState } from '../instance-state.js';
import { getLoadBalancer } from '../load-balancers.js';
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

/** `DescribeInstanceHealth`: of the registered instances and those that drain, or of those named, registered or not. */
export const describeInstanceHealth: ReadAction = {
  kind: 'read',
  name: 'DescribeInstanceHealth',
  run: (state, parameters, { region, health }) => {
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
  },
};
