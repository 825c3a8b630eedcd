import type { WriteAction } from '../action.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import { requiredStringList, requiredStructureList } from '../request-lists.js';
import { constraintError } from '../service-error.js';
import { mergeTags, parseTags } from '../tag-rules.js';

/** `AddTags`: adds tags, or gives tags that are there another value. */
export const addTags: WriteAction = {
  kind: 'write',
  name: 'AddTags',
  run: (state, parameters, { region }) => {
    const names = requiredStringList(parameters, 'LoadBalancerNames');
    requiredStructureList(parameters, 'Tags');
    const [name] = names;
    // The reference: "You can specify one load balancer only."
    if (name === undefined || names.length > 1) {
      throw constraintError(`[${names.join(', ')}]`, 'loadBalancerNames', 'have length equal to 1');
    }
    const loadBalancer = getLoadBalancer(state, region, name);
    const tags = mergeTags(loadBalancer.tags, parseTags(parameters));
    return { state: replaceLoadBalancer(state, { ...loadBalancer, tags }), result: {} };
  },
};
