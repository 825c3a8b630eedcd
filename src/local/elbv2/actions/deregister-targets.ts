import type { WriteAction } from '../../action.js';
import { requiredString } from '../../request-parameters.js';
import { getTargetGroup, replaceTargetGroup } from '../found.js';
import { parseTargets, sameTarget } from '../target-rules.js';

/** `DeregisterTargets`: one that is not registered is not an error; its own port has to be named. */
export const deregisterTargets: WriteAction = {
  kind: 'write',
  name: 'DeregisterTargets',
  run: (state, parameters, { region }) => {
    const group = getTargetGroup(state, region, requiredString(parameters, 'TargetGroupArn'));
    const gone = parseTargets(parameters, group);
    const targets = group.targets.filter((one) => !gone.some((other) => sameTarget(one, other)));
    if (targets.length === group.targets.length) return { state, result: {} };
    return { state: replaceTargetGroup(state, { ...group, targets }), result: {} };
  },
};
