import { type Action, read, write } from '../../action.js';
import { requiredString } from '../../request-parameters.js';
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

/** The actions on attributes: one that was never set has its default, and a change leaves those that it does not name. */
export const attributeActions: Readonly<Record<string, Action>> = {
  DescribeLoadBalancerAttributes: read((state, parameters, { region }) => {
    const one = getLoadBalancerV2(state, region, requiredString(parameters, 'LoadBalancerArn'));
    return { Attributes: describeAttributesV2(loadBalancerAttributesV2(one)) };
  }),
  ModifyLoadBalancerAttributes: write((state, parameters, { region }) => {
    const wanted = parseAttributes(parameters, 20);
    const one = getLoadBalancerV2(state, region, requiredString(parameters, 'LoadBalancerArn'));
    checkAttributes(wanted, loadBalancerAttributesV2(one), 'Load balancer');
    const changed = { ...one, attributes: mergePairs(one.attributes, wanted) };
    return {
      state: replaceLoadBalancerV2(state, changed),
      result: { Attributes: describeAttributesV2(loadBalancerAttributesV2(changed)) },
    };
  }),
  DescribeListenerAttributes: read((state, parameters, { region }) => {
    const one = getListener(state, region, requiredString(parameters, 'ListenerArn'));
    return { Attributes: describeAttributesV2(listenerAttributes(one)) };
  }),
  ModifyListenerAttributes: write((state, parameters, { region }) => {
    const wanted = parseAttributes(parameters);
    const one = getListener(state, region, requiredString(parameters, 'ListenerArn'));
    checkAttributes(wanted, listenerAttributes(one), 'Listener');
    const changed = { ...one, attributes: mergePairs(one.attributes, wanted) };
    return {
      state: replaceListener(state, changed),
      result: { Attributes: describeAttributesV2(listenerAttributes(changed)) },
    };
  }),
  DescribeTargetGroupAttributes: read((state, parameters, { region }) => {
    const group = getTargetGroup(state, region, requiredString(parameters, 'TargetGroupArn'));
    return { Attributes: describeAttributesV2(listedAttributes(group)) };
  }),
  ModifyTargetGroupAttributes: write((state, parameters, { region }) => {
    const wanted = parseAttributes(parameters);
    const group = getTargetGroup(state, region, requiredString(parameters, 'TargetGroupArn'));
    checkGroupAttributes(wanted, groupAttributes(group), group);
    const changed = { ...group, attributes: mergePairs(group.attributes, wanted) };
    return {
      state: replaceTargetGroup(state, changed),
      result: { Attributes: describeAttributesV2(listedAttributes(changed)) },
    };
  }),
};
