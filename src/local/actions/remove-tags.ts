import type { WriteAction } from '../action.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import { requiredStringList, requiredStructureList } from '../request-lists.js';

/** `RemoveTags`: a key that is not there is no error. */
export const removeTags: WriteAction = {
  kind: 'write',
  name: 'RemoveTags',
  run: (state, parameters, { region }) => {
    const names = requiredStringList(parameters, 'LoadBalancerNames');
    const keys = requiredStructureList(parameters, 'Tags').map((one) => one.get('Key'));
    const changed = names
      .map((name) => getLoadBalancer(state, region, name))
      .reduce(
        (result, one) =>
          replaceLoadBalancer(result, { ...one, tags: one.tags.filter(({ key }) => !keys.includes(key)) }),
        state,
      );
    return { state: changed, result: {} };
  },
};
