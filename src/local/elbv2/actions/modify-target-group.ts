import type { WriteAction } from '../../action.js';
import { requiredString } from '../../request-parameters.js';
import { members } from '../../xml.js';
import { describeTargetGroup } from '../describe.js';
import { getTargetGroup, replaceTargetGroup } from '../found.js';
import { parseHealthCheckV2 } from '../health-check-rules.js';

/** `ModifyTargetGroup`: changes what is said of the health check and leaves the rest. */
export const modifyTargetGroup: WriteAction = {
  kind: 'write',
  name: 'ModifyTargetGroup',
  run: (state, parameters, { region }) => {
    const group = getTargetGroup(state, region, requiredString(parameters, 'TargetGroupArn'));
    const healthCheck = parseHealthCheckV2(parameters, group, { present: group.healthCheck });
    const changed = replaceTargetGroup(state, { ...group, healthCheck });
    const described = describeTargetGroup(changed, { ...group, healthCheck });
    return { state: changed, result: { TargetGroups: members([described]) } };
  },
};
