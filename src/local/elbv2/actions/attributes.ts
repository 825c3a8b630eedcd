import { type Action, read, write } from '../../action.js';
import type { Pair } from '../../pairs.js';
import { requiredString } from '../../request-parameters.js';
import type { State } from '../../shapes.js';
import {
  checkAttributes,
  checkGroupAttributes,
  describeAttributesV2,
  mergePairs,
  parseAttributes,
} from '../attribute-rules.js';
import {
  type Attributes,
  groupAttributes,
  hiddenAttributes,
  listenerAttributes,
  loadBalancerAttributesV2,
} from '../default-attributes.js';
import {
  getListener,
  getLoadBalancerV2,
  getTargetGroup,
  replaceListener,
  replaceLoadBalancerV2,
  replaceTargetGroup,
} from '../found.js';
import type { TargetGroupV2 } from '../shapes.js';

/** A group's attributes as they are listed. */
function listedAttributes(group: TargetGroupV2): Attributes {
  const set = new Set(group.attributes.map(({ key }) => key));
  return new Map(
    [...groupAttributes(group)].filter(
      ([key]) => !hiddenAttributes.includes(key) && (group.listsDefaults || set.has(key)),
    ),
  );
}

/** A kind of resource with attributes. */
interface Kind<One> {
  readonly get: (state: State, region: string, arn: string) => One;
  readonly replace: (state: State, changed: One) => State;
  readonly listed: (one: One) => Attributes;
  readonly check: (wanted: Attributes, one: One) => void;
  /** How many one request may set. */
  readonly most?: number;
}

/** Describes and modifies: an attribute that was never set has its default, and a change leaves the others as they are. */
function actionsOn<One extends { readonly attributes: readonly Pair[] }>(
  name: string,
  { get, replace, listed, check, most }: Kind<One>,
): Readonly<Record<string, Action>> {
  return {
    [`Describe${name}Attributes`]: read((state, parameters, { region }) => {
      const one = get(state, region, requiredString(parameters, `${name}Arn`));
      return { Attributes: describeAttributesV2(listed(one)) };
    }),
    [`Modify${name}Attributes`]: write((state, parameters, { region }) => {
      const wanted = parseAttributes(parameters, most);
      const one = get(state, region, requiredString(parameters, `${name}Arn`));
      check(wanted, one);
      const changed = { ...one, attributes: mergePairs(one.attributes, wanted) };
      return {
        state: replace(state, changed),
        result: { Attributes: describeAttributesV2(listed(changed)) },
      };
    }),
  };
}

/** The actions on attributes. */
export const attributeActions: Readonly<Record<string, Action>> = {
  ...actionsOn('LoadBalancer', {
    get: getLoadBalancerV2,
    replace: replaceLoadBalancerV2,
    listed: loadBalancerAttributesV2,
    check: (wanted, one) => checkAttributes(wanted, loadBalancerAttributesV2(one), 'Load balancer'),
    most: 20,
  }),
  ...actionsOn('Listener', {
    get: getListener,
    replace: replaceListener,
    listed: listenerAttributes,
    check: (wanted, one) => checkAttributes(wanted, listenerAttributes(one), 'Listener'),
  }),
  ...actionsOn('TargetGroup', {
    get: getTargetGroup,
    replace: replaceTargetGroup,
    listed: listedAttributes,
    check: (wanted, group) => checkGroupAttributes(wanted, groupAttributes(group), group),
  }),
};
