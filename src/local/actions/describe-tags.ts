import type { ReadAction } from '../action.js';
import { getLoadBalancer } from '../load-balancers.js';
import { requiredStringList } from '../request-lists.js';
import { constraintError } from '../service-error.js';
import { members } from '../xml.js';

/** `DescribeTags`: of at least 1 and at most 20 load balancers. */
export const describeTags: ReadAction = {
  kind: 'read',
  name: 'DescribeTags',
  run: (state, parameters, { region }) => {
    const names = requiredStringList(parameters, 'LoadBalancerNames');
    const shown = `[${names.join(', ')}]`;
    if (names.length === 0) {
      throw constraintError(shown, 'loadBalancerNames', 'have length greater than or equal to 1');
    }
    if (names.length > 20) {
      throw constraintError(shown, 'loadBalancerNames', 'have length less than or equal to 20');
    }
    return {
      TagDescriptions: members(
        names.map((name) => ({
          LoadBalancerName: name,
          Tags: members(
            getLoadBalancer(state, region, name).tags.map(({ key, value }) => ({ Key: key, Value: value })),
          ),
        })),
      ),
    };
  },
};
