import type { WriteAction } from '../action.js';
import { getLoadBalancer, getPolicy, replaceLoadBalancer } from '../load-balancers.js';
import { findPolicyType } from '../policy-types.js';
import { requiredStringList } from '../request-lists.js';
import { requiredInteger, requiredString } from '../request-parameters.js';
import { cannotBeEnabled, invalidConfiguration } from '../service-error.js';

/** `SetLoadBalancerPoliciesForBackendServer`: replaces the whole list of an instance port; an empty list clears it. */
export const setLoadBalancerPoliciesForBackendServer: WriteAction = {
  kind: 'write',
  name: 'SetLoadBalancerPoliciesForBackendServer',
  run: (state, parameters, { region }) => {
    const loadBalancerName = requiredString(parameters, 'LoadBalancerName');
    const instancePort = requiredInteger(parameters, 'InstancePort');
    // Of a name that stands twice, the first counts; what AWS does with it is not known.
    const policyNames = [...new Set(requiredStringList(parameters, 'PolicyNames'))];
    const loadBalancer = getLoadBalancer(state, region, loadBalancerName);
    for (const policy of policyNames.map((name) => getPolicy(loadBalancer, name))) {
      if (findPolicyType(policy.policyTypeName)?.place !== 'instance-port') {
        throw cannotBeEnabled(policy.policyName);
      }
    }
    // Clearing a port whose listener is gone is accepted (Kubernetes does it after deleting the listener).
    // Setting policies there: AWS's answer is unknown; this is the one modelled error that could mean it,
    // and Outscale's clone of the API answers with the same code.
    if (policyNames.length > 0 && !loadBalancer.listeners.some((one) => one.instancePort === instancePort)) {
      throw invalidConfiguration(
        `There is no listener with instance port ${instancePort} for load balancer ${loadBalancerName}`,
      );
    }
    const others = loadBalancer.backendPolicies.filter((one) => one.instancePort !== instancePort);
    const backendPolicies = policyNames.length > 0 ? [...others, { instancePort, policyNames }] : others;
    return {
      state: replaceLoadBalancer(state, {
        ...loadBalancer,
        backendPolicies: backendPolicies.toSorted((a, b) => a.instancePort - b.instancePort),
      }),
      result: {},
    };
  },
};
