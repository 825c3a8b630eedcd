import type { WriteAction } from '../action.js';
import { describeHealthCheck } from '../describe-load-balancer.js';
import { parseHealthCheck } from '../health-check-rules.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import { requiredString } from '../request-parameters.js';

/** `ConfigureHealthCheck`: replaces all of the health check's settings. */
export const configureHealthCheck: WriteAction = {
  kind: 'write',
  name: 'ConfigureHealthCheck',
  run: (state, parameters, { region, seeding }) => {
    const name = requiredString(parameters, 'LoadBalancerName');
    const healthCheck = parseHealthCheck(parameters, seeding);
    const loadBalancer = getLoadBalancer(state, region, name);
    return {
      state: replaceLoadBalancer(state, { ...loadBalancer, healthCheck }),
      result: { HealthCheck: describeHealthCheck(healthCheck) },
    };
  },
};
