import type { WriteAction } from '../../action.js';
import { requiredString } from '../../request-parameters.js';
import { ServiceError } from '../../service-error.js';
import { checkArn } from '../arn.js';
import { loadBalancerAttributesV2 } from '../default-attributes.js';
import { withElbV2 } from '../found.js';

/** `DeleteLoadBalancer`: with its listeners; one that does not exist is not an error. */
export const deleteLoadBalancer: WriteAction = {
  kind: 'write',
  name: 'DeleteLoadBalancer',
  run: (state, parameters, { region }) => {
    const arn = checkArn(requiredString(parameters, 'LoadBalancerArn'), 'load balancer');
    const { loadBalancers, listeners } = state.elbv2;
    const present = loadBalancers.find((one) => one.arn === arn && one.region === region);
    if (present === undefined) return { state, result: {} };
    if (loadBalancerAttributesV2(present).get('deletion_protection.enabled') === 'true') {
      throw new ServiceError(
        'OperationNotPermitted',
        400,
        `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`,
      );
    }
    return {
      state: withElbV2(state, {
        loadBalancers: loadBalancers.filter((one) => one !== present),
        listeners: listeners.filter((one) => one.loadBalancerArn !== arn),
      }),
      result: {},
    };
  },
};
