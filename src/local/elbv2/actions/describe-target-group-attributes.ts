import type { ReadAction } from '../../action.js';
import { requiredString } from '../../request-parameters.js';
import { describeAttributesV2 } from '../attribute-rules.js';
import { type Attributes, groupAttributes, hiddenAttributes } from '../default-attributes.js';
import { getTargetGroup } from '../found.js';
import type { TargetGroupV2 } from '../shapes.js';

/** A group's attributes as they are listed. */
export function listedAttributes(group: TargetGroupV2): Attributes {
  const set = new Set(group.attributes.map(({ key }) => key));
  return new Map(
    [...groupAttributes(group)].filter(
      ([key]) => !hiddenAttributes.includes(key) && (group.listsDefaults || set.has(key)),
    ),
  );
}

/** `DescribeTargetGroupAttributes`: those that were never set have their defaults. */
export const describeTargetGroupAttributes: ReadAction = {
  kind: 'read',
  name: 'DescribeTargetGroupAttributes',
  run: (state, parameters, { region }) => {
    const group = getTargetGroup(state, region, requiredString(parameters, 'TargetGroupArn'));
    return { Attributes: describeAttributesV2(listedAttributes(group)) };
  },
};
