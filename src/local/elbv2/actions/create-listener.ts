import type { WriteAction } from '../../action.js';
import { type Parameters, portBounds, requiredInteger, requiredString } from '../../request-parameters.js';
import { ServiceError, validationError } from '../../service-error.js';
import type { State } from '../../shapes.js';
import { MAX_TAGS_V2, mergeTags, parseTags } from '../../tag-rules.js';
import { members } from '../../xml.js';
import { listenerArn } from '../arn.js';
import { describeListener } from '../describe.js';
import { enumParameter } from '../enum-parameter.js';
import { invalidConfigurationV2, unsupportedProtocol } from '../errors.js';
import { checkForward, parseForward } from '../forward-rules.js';
import { getLoadBalancerV2, listenersOf, withElbV2 } from '../found.js';
import { parseSecureParts } from '../listener-rules.js';
import { listenerProtocols, protocolsV2 } from '../protocol-rules.js';
import type { ListenerV2, LoadBalancerV2, ProtocolV2 } from '../shapes.js';

/** A protocol that a load balancer's listeners can have. @throws ServiceError */
export function checkListenerProtocol(protocol: ProtocolV2, { type }: LoadBalancerV2): ProtocolV2 {
  const allowed = listenerProtocols[type];
  if (allowed.includes(protocol)) return protocol;
  throw unsupportedProtocol(`Protocol '${protocol}' must be one of '${allowed.join(', ')}'`);
}

/** `DuplicateListener` where another listener of the load balancer has the port, whatever its protocol. */
export function checkPortFree(state: State, arn: string, port: number, except?: string): void {
  if (listenersOf(state, arn).every((one) => one.port !== port || one.arn === except)) return;
  throw new ServiceError(
    'DuplicateListener',
    400,
    `A listener already exists on this port for this load balancer '${arn}'`,
  );
}

function parseProtocol(parameters: Parameters, loadBalancer: LoadBalancerV2): ProtocolV2 {
  if (loadBalancer.type === 'gateway') {
    throw invalidConfigurationV2('Listeners of a Gateway Load Balancer are not served here');
  }
  const protocol = enumParameter(parameters, 'Protocol', protocolsV2);
  if (protocol === undefined) throw validationError('A listener protocol must be specified');
  return checkListenerProtocol(protocol, loadBalancer);
}

const settingsOf = ({ protocol, certificateArn, sslPolicy, alpnPolicy, targetGroups }: Partial<ListenerV2>) =>
  JSON.stringify({ protocol, certificateArn, sslPolicy, alpnPolicy, targetGroups });

/** `CreateListener`: the same again changes nothing. */
export const createListener: WriteAction = {
  kind: 'write',
  name: 'CreateListener',
  run: (state, parameters, context) => {
    const loadBalancer = getLoadBalancerV2(
      state,
      context.region,
      requiredString(parameters, 'LoadBalancerArn'),
    );
    const targetGroups = parseForward(parameters);
    const protocol = parseProtocol(parameters, loadBalancer);
    const port = requiredInteger(parameters, 'Port', portBounds);
    const { arn } = loadBalancer;
    const { elbv2 } = state;
    const made: ListenerV2 = {
      arn: listenerArn(context, arn, elbv2.idsUsed),
      loadBalancerArn: arn,
      protocol,
      port,
      ...parseSecureParts(parameters, protocol),
      targetGroups,
      attributes: [],
      tags: mergeTags([], parseTags(parameters), MAX_TAGS_V2),
      ruleTags: [],
    };
    checkForward(state, targetGroups, loadBalancer, protocol);
    const present = listenersOf(state, arn).find((one) => one.port === port);
    if (present !== undefined && settingsOf(present) === settingsOf(made)) {
      return { state, result: { Listeners: members([describeListener(present)]) } };
    }
    checkPortFree(state, arn, port);
    return {
      state: withElbV2(state, { idsUsed: elbv2.idsUsed + 1, listeners: [...elbv2.listeners, made] }),
      result: { Listeners: members([describeListener(made)]) },
    };
  },
};
