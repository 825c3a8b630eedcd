import type { WriteAction } from '../action.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import { requiredStringList } from '../request-lists.js';
import { parseTagKeys } from '../tag-rules.js';

/** `RemoveTags`: a key that is not there is not an error. */
export const removeTags: WriteAction = {
  kind: 'write',
  name: 'RemoveTags',
  run: (state, parameters, { region }) => {
    const names = requiredStringList(parameters, 'LoadBalancerNames');
    const keys = parseTagKeys(parameters);
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
