import type { WriteAction } from '../../action.js';
import { requiredString } from '../../request-parameters.js';
import {
  checkGroupAttributes,
  describeAttributesV2,
  mergePairs,
  parseAttributes,
} from '../attribute-rules.js';
import { groupAttributes } from '../default-attributes.js';
import { getTargetGroup, replaceTargetGroup } from '../found.js';
import { listedAttributes } from './describe-target-group-attributes.js';

/** `ModifyTargetGroupAttributes`: changes the attributes that are named and leaves the others. */
export const modifyTargetGroupAttributes: WriteAction = {
  kind: 'write',
  name: 'ModifyTargetGroupAttributes',
  run: (state, parameters, { region }) => {
    const wanted = parseAttributes(parameters);
    const group = getTargetGroup(state, region, requiredString(parameters, 'TargetGroupArn'));
    checkGroupAttributes(wanted, groupAttributes(group), group);
    const changed = { ...group, attributes: mergePairs(group.attributes, wanted) };
    return {
      state: replaceTargetGroup(state, changed),
      result: { Attributes: describeAttributesV2(listedAttributes(changed)) },
    };
  },
};
