import type { WriteAction } from '../action.js';
import { getLoadBalancer } from '../load-balancers.js';
import { createPolicy } from '../policy-rules.js';
import { requiredString } from '../request-parameters.js';

/** `CreateAppCookieStickinessPolicy`: short for a policy of type AppCookieStickinessPolicyType. */
export const createAppCookieStickinessPolicy: WriteAction = {
  kind: 'write',
  name: 'CreateAppCookieStickinessPolicy',
  run: (state, parameters, { region }) => {
    const loadBalancerName = requiredString(parameters, 'LoadBalancerName');
    const policyName = requiredString(parameters, 'PolicyName');
    const cookieName = requiredString(parameters, 'CookieName');
    const policy = {
      policyName,
      policyTypeName: 'AppCookieStickinessPolicyType',
      attributes: [{ name: 'CookieName', value: cookieName }],
    };
    return {
      state: createPolicy(state, getLoadBalancer(state, region, loadBalancerName), policy),
      result: {},
    };
  },
};
