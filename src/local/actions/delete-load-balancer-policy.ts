import type { WriteAction } from '../action.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import { isInUse } from '../policy-rules.js';
import { requiredString } from '../request-parameters.js';
import { invalidConfiguration } from '../service-error.js';

/**
 * `DeleteLoadBalancerPolicy`: removes a policy that nothing uses.
 * One that is not there is not an error: the model lists no PolicyNotFound, and every operation is idempotent.
 */
export const deleteLoadBalancerPolicy: WriteAction = {
  kind: 'write',
  name: 'DeleteLoadBalancerPolicy',
  run: (state, parameters, { region }) => {
    const loadBalancerName = requiredString(parameters, 'LoadBalancerName');
    const policyName = requiredString(parameters, 'PolicyName');
    const loadBalancer = getLoadBalancer(state, region, loadBalancerName);
    if (!loadBalancer.policies.some((one) => one.policyName === policyName)) return { state, result: {} };
    if (isInUse(loadBalancer, policyName)) {
      // The real service's text (hashicorp/terraform#10989).
      throw invalidConfiguration(
        `You cannot delete policy [${policyName}] since it is enabled or referred by other enabled policy.`,
      );
    }
    const policies = loadBalancer.policies.filter((one) => one.policyName !== policyName);
    return { state: replaceLoadBalancer(state, { ...loadBalancer, policies }), result: {} };
  },
};
