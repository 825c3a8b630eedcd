import { type Action, read, write } from '../../action.js';
import { optionalStringList, structureList } from '../../request-lists.js';
import {
  enumParameter,
  optionalInteger,
  type Parameters,
  portBounds,
  requiredInteger,
  requiredString,
} from '../../request-parameters.js';
import { invalidConfigurationV2, ServiceError, validationError } from '../../service-error.js';
import type { State } from '../../shapes.js';
import { MAX_TAGS_V2, mergeTags, parseTags } from '../../tag-rules.js';
import { members } from '../../xml.js';
import { listenerArn } from '../arn.js';
import { describeListener, describeRule } from '../describe.js';
import { checkForward, parseForward } from '../forward-rules.js';
import {
  getListener,
  getLoadBalancerV2,
  getRule,
  listenersOf,
  replaceListener,
  withElbV2,
} from '../found.js';
import { parseSecureParts } from '../listener-rules.js';
import { pageOf } from '../page.js';
import { listenerProtocols, protocolsV2 } from '../protocol-rules.js';
import type { ListenerV2, LoadBalancerV2, ProtocolV2 } from '../shapes.js';

/** A protocol that a load balancer's listeners can have. @throws ServiceError */
function checkListenerProtocol(protocol: ProtocolV2, { type }: LoadBalancerV2): ProtocolV2 {
  const allowed = listenerProtocols[type];
  if (allowed.includes(protocol)) return protocol;
  throw new ServiceError(
    'UnsupportedProtocol',
    `Protocol '${protocol}' must be one of '${allowed.join(', ')}'`,
  );
}

/** `DuplicateListener` if another listener of the load balancer has the port, in any protocol. */
function checkPortFree(state: State, arn: string, port: number, except?: string): void {
  if (listenersOf(state, arn).every((one) => one.port !== port || one.arn === except)) return;
  throw new ServiceError(
    'DuplicateListener',
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

/** The actions about listeners and their rules. */
export const listenerActions: Readonly<Record<string, Action>> = {
  /** The same again changes nothing. */
  CreateListener: write((state, parameters, context) => {
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
  }),
  /** The listeners named, or a page of a load balancer's. */
  DescribeListeners: read((state, parameters, { region }) => {
    const of = parameters.get('LoadBalancerArn') || undefined;
    const arns = [...new Set(optionalStringList(parameters, 'ListenerArns'))];
    if ((of === undefined) === (arns.length === 0)) {
      throw validationError('You must specify either listener ARNs or a load balancer ARN');
    }
    const asked =
      of === undefined
        ? arns.map((arn) => getListener(state, region, arn))
        : listenersOf(state, getLoadBalancerV2(state, region, of).arn);
    const { page, NextMarker } = pageOf(
      asked,
      ({ port, arn }) => `${String(port).padStart(5, '0')} ${arn}`,
      parameters,
    );
    return { Listeners: members(page.map(describeListener)), NextMarker };
  }),
  /** Settings that the request leaves out stay as they are. */
  ModifyListener: write((state, parameters, { region }) => {
    const present = getListener(state, region, requiredString(parameters, 'ListenerArn'));
    const loadBalancer = getLoadBalancerV2(state, region, present.loadBalancerArn);
    const protocol = checkListenerProtocol(
      enumParameter(parameters, 'Protocol', protocolsV2) ?? present.protocol,
      loadBalancer,
    );
    const port = optionalInteger(parameters, 'Port', portBounds) ?? present.port;
    const forwards = structureList(parameters, 'DefaultActions').length > 0;
    const targetGroups = forwards ? parseForward(parameters) : present.targetGroups;
    const { certificateArn, sslPolicy, alpnPolicy, ...rest } = present;
    const secure = parseSecureParts(parameters, protocol, { certificateArn, sslPolicy, alpnPolicy });
    checkForward(state, targetGroups, loadBalancer, protocol);
    checkPortFree(state, loadBalancer.arn, port, present.arn);
    const changed: ListenerV2 = { ...rest, protocol, port, targetGroups, ...secure };
    return {
      state: replaceListener(state, changed),
      result: { Listeners: members([describeListener(changed)]) },
    };
  }),
  DeleteListener: write((state, parameters, { region }) => {
    const present = getListener(state, region, requiredString(parameters, 'ListenerArn'));
    const listeners = state.elbv2.listeners.filter((one) => one !== present);
    return { state: withElbV2(state, { listeners }), result: {} };
  }),
  /** A listener has its default rule, and here no other. */
  DescribeRules: read((state, parameters, { region }) => {
    const of = parameters.get('ListenerArn') || undefined;
    const arns = [...new Set(optionalStringList(parameters, 'RuleArns'))];
    if ((of === undefined) === (arns.length === 0)) {
      throw validationError('You must specify either listener rule ARNs or a listener ARN');
    }
    const asked =
      of === undefined ? arns.map((arn) => getRule(state, region, arn)) : [getListener(state, region, of)];
    const { page, NextMarker } = pageOf(asked, ({ arn }) => arn, parameters);
    return { Rules: members(page.map(describeRule)), NextMarker };
  }),
};
