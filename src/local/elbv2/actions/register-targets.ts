import type { WriteAction } from '../../action.js';
import { requiredString } from '../../request-parameters.js';
import { getTargetGroup, replaceTargetGroup } from '../found.js';
import { parseTargets, sameTarget } from '../target-rules.js';

/** `RegisterTargets`: one that is registered already stays as it is. */
export const registerTargets: WriteAction = {
  kind: 'write',
  name: 'RegisterTargets',
  run: (state, parameters, { region }) => {
    const group = getTargetGroup(state, region, requiredString(parameters, 'TargetGroupArn'));
    const targets = [...group.targets];
    for (const target of parseTargets(parameters, group)) {
      if (!targets.some((one) => sameTarget(one, target))) targets.push(target);
    }
    if (targets.length === group.targets.length) return { state, result: {} };
    return { state: replaceTargetGroup(state, { ...group, targets }), result: {} };
  },
};
