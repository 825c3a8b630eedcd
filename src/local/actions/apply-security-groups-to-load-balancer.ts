import type { WriteAction } from '../action.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import { checkSecurityGroups, sourceSecurityGroup } from '../placement.js';
import { requiredStringList } from '../request-lists.js';
import { requiredString } from '../request-parameters.js';
import { invalidConfiguration } from '../service-error.js';
import { members } from '../xml.js';

/** `ApplySecurityGroupsToLoadBalancer`: these groups instead of those that it has. */
export const applySecurityGroupsToLoadBalancer: WriteAction = {
  kind: 'write',
  name: 'ApplySecurityGroupsToLoadBalancer',
  run: (state, parameters, { region, accountId }) => {
    const name = requiredString(parameters, 'LoadBalancerName');
    const securityGroups = [...new Set(requiredStringList(parameters, 'SecurityGroups'))];
    const loadBalancer = getLoadBalancer(state, region, name);
    checkSecurityGroups(securityGroups);
    if (securityGroups.length === 0) {
      throw invalidConfiguration('A load balancer must have at least one security group');
    }
    const source = sourceSecurityGroup(securityGroups, { region, accountId });
    const changed = { ...loadBalancer, securityGroups, sourceSecurityGroup: source };
    return {
      state: replaceLoadBalancer(state, changed),
      result: { SecurityGroups: members(securityGroups) },
    };
  },
};
