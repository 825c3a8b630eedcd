import type { WriteAction } from '../../action.js';
import { structureList } from '../../request-lists.js';
import { optionalInteger, portBounds, requiredString } from '../../request-parameters.js';
import { members } from '../../xml.js';
import { describeListener } from '../describe.js';
import { enumParameter } from '../enum-parameter.js';
import { checkForward, parseForward } from '../forward-rules.js';
import { getListener, getLoadBalancerV2, replaceListener } from '../found.js';
import { parseSecureParts } from '../listener-rules.js';
import { protocolsV2 } from '../protocol-rules.js';
import type { ListenerV2 } from '../shapes.js';
import { checkListenerProtocol, checkPortFree } from './create-listener.js';

/** `ModifyListener`: what is not said stays as it is. */
export const modifyListener: WriteAction = {
  kind: 'write',
  name: 'ModifyListener',
  run: (state, parameters, { region }) => {
    const present = getListener(state, region, requiredString(parameters, 'ListenerArn'));
    const loadBalancer = getLoadBalancerV2(state, region, present.loadBalancerArn);
    const protocol = checkListenerProtocol(
      enumParameter(parameters, 'Protocol', protocolsV2) ?? present.protocol,
      loadBalancer,
    );
    const port = optionalInteger(parameters, 'Port', portBounds) ?? present.port;
    const says = structureList(parameters, 'DefaultActions').length > 0;
    const targetGroups = says ? parseForward(parameters) : present.targetGroups;
    const { certificateArn, sslPolicy, alpnPolicy, ...rest } = present;
    const secure = parseSecureParts(parameters, protocol, { certificateArn, sslPolicy, alpnPolicy });
    checkForward(state, targetGroups, loadBalancer, protocol);
    checkPortFree(state, loadBalancer.arn, port, present.arn);
    const changed: ListenerV2 = { ...rest, protocol, port, targetGroups, ...secure };
    return {
      state: replaceListener(state, changed),
      result: { Listeners: members([describeListener(changed)]) },
    };
  },
};
