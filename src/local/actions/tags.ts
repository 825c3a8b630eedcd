import { type Action, read, write } from '../action.js';
import { getLoadBalancer, replaceLoadBalancer } from '../load-balancers.js';
import { fewStrings, requiredStringList, requiredStructureList } from '../request-lists.js';
import { constraintError } from '../service-error.js';
import { mergeTags, parseTagKeys, parseTags } from '../tag-rules.js';
import { describePairs, members } from '../xml.js';

/** The actions about tags. */
export const tagActions: Readonly<Record<string, Action>> = {
  /** Adds tags, or gives tags that are there another value. */
  AddTags: write((state, parameters, { region }) => {
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
  }),
  /** The tags of 1 to 20 load balancers. */
  DescribeTags: read((state, parameters, { region }) => {
    const names = fewStrings(parameters, 'LoadBalancerNames');
    return {
      TagDescriptions: members(
        names.map((name) => ({
          LoadBalancerName: name,
          Tags: describePairs(getLoadBalancer(state, region, name).tags),
        })),
      ),
    };
  }),
  /** A key that is not there is not an error. */
  RemoveTags: write((state, parameters, { region }) => {
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
  }),
};
