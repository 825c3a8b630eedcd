import type { WriteAction } from '../../action.js';
import { requiredString } from '../../request-parameters.js';
import { checkArn } from '../arn.js';
import { resourceInUse } from '../errors.js';
import { loadBalancersOfGroup, withElbV2 } from '../found.js';

/** `DeleteTargetGroup`: one that does not exist is not an error. */
export const deleteTargetGroup: WriteAction = {
  kind: 'write',
  name: 'DeleteTargetGroup',
  run: (state, parameters, { region }) => {
    const arn = checkArn(requiredString(parameters, 'TargetGroupArn'), 'target group');
    const { targetGroups } = state.elbv2;
    const present = targetGroups.find((one) => one.arn === arn && one.region === region);
    if (present === undefined) return { state, result: {} };
    if (loadBalancersOfGroup(state, arn).length > 0) {
      throw resourceInUse(`Target group '${arn}' is currently in use by a listener or a rule`);
    }
    const left = targetGroups.filter((one) => one !== present);
    return { state: withElbV2(state, { targetGroups: left }), result: {} };
  },
};
