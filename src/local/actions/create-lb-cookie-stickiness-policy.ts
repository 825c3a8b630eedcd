import type { WriteAction } from '../action.js';
import { getLoadBalancer } from '../load-balancers.js';
import { createPolicy } from '../policy-rules.js';
import { optionalInteger, requiredString } from '../request-parameters.js';

/** `CreateLBCookieStickinessPolicy`: short for a policy of type LBCookieStickinessPolicyType. */
export const createLbCookieStickinessPolicy: WriteAction = {
  kind: 'write',
  name: 'CreateLBCookieStickinessPolicy',
  run: (state, parameters, { region }) => {
    const loadBalancerName = requiredString(parameters, 'LoadBalancerName');
    const policyName = requiredString(parameters, 'PolicyName');
    const period = optionalInteger(parameters, 'CookieExpirationPeriod', { min: 0 });
    const policy = {
      policyName,
      policyTypeName: 'LBCookieStickinessPolicyType',
      attributes: period === undefined ? [] : [{ name: 'CookieExpirationPeriod', value: String(period) }],
    };
    return {
      state: createPolicy(state, getLoadBalancer(state, region, loadBalancerName), policy),
      result: {},
    };
  },
};
