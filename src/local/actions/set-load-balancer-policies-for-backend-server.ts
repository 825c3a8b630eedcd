import type { WriteAction } from '../action.js';
import { getLoadBalancer, getPolicy, replaceLoadBalancer } from '../load-balancers.js';
import { findPolicyType } from '../policy-types.js';
import { requiredStringList } from '../request-lists.js';
import { portBounds, requiredInteger, requiredString } from '../request-parameters.js';
import { cannotBeEnabled } from '../service-error.js';

/** `SetLoadBalancerPoliciesForBackendServer`: replaces the whole list of an instance port; an empty list clears it. */
export const setLoadBalancerPoliciesForBackendServer: WriteAction = {
  kind: 'write',
  name: 'SetLoadBalancerPoliciesForBackendServer',
  run: (state, parameters, { region }) => {
    const loadBalancerName = requiredString(parameters, 'LoadBalancerName');
    const instancePort = requiredInteger(parameters, 'InstancePort', portBounds);
    // The first counts if a name is given twice; what AWS does is not known.
    const policyNames = [...new Set(requiredStringList(parameters, 'PolicyNames'))];
    const loadBalancer = getLoadBalancer(state, region, loadBalancerName);
    for (const policy of policyNames.map((name) => getPolicy(loadBalancer, name))) {
      if (findPolicyType(policy.policyTypeName)?.place !== 'instance-port') {
        throw cannotBeEnabled(policy.policyName);
      }
    }
    // No listener has to forward to the port: Kubernetes clears ports whose listener it deleted before, and
    // AWS took a policy for such a port (boto 2's integration test, test_create_load_balancer_backend_with_policies).
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
