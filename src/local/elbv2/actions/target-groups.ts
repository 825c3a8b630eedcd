import { type Action, type ActionContext, read, write } from '../../action.js';
import { optionalStringList } from '../../request-lists.js';
import {
  enumParameter,
  optionalInteger,
  type Parameters,
  portBounds,
  requiredString,
} from '../../request-parameters.js';
import { ServiceError, validationError } from '../../service-error.js';
import { MAX_TAGS_V2, mergeTags, parseTags } from '../../tag-rules.js';
import { members } from '../../xml.js';
import { checkArn, targetGroupArn } from '../arn.js';
import { describeTargetGroup } from '../describe.js';
import {
  getLoadBalancerV2,
  getTargetGroup,
  loadBalancersOfGroup,
  notFound,
  replaceTargetGroup,
  withElbV2,
} from '../found.js';
import { parseHealthCheckV2 } from '../health-check-rules.js';
import { parseName } from '../name-rules.js';
import { pageOf } from '../page.js';
import { isHttp, protocolsV2 } from '../protocol-rules.js';
import type { ProtocolV2, TargetGroupV2 } from '../shapes.js';

type Backend = Pick<TargetGroupV2, 'protocol' | 'port' | 'protocolVersion' | 'vpcId'>;

function parseBackend(parameters: Parameters, targetType: TargetGroupV2['targetType']): Backend {
  const protocol: ProtocolV2 | undefined = enumParameter(parameters, 'Protocol', protocolsV2);
  const port = optionalInteger(parameters, 'Port', portBounds);
  const vpcId = parameters.get('VpcId') || undefined;
  if (targetType === 'lambda') {
    if (protocol !== undefined || port !== undefined || vpcId !== undefined) {
      throw validationError(
        `Protocol, port and VPC cannot be specified for target groups with target type 'lambda'`,
      );
    }
    return {};
  }
  if (protocol === undefined) throw validationError('A protocol must be specified');
  if (port === undefined) throw validationError('A port must be specified');
  if (vpcId === undefined) throw validationError('A VPC ID must be specified');
  if (!/^vpc-[0-9a-z]+$/.test(vpcId)) throw validationError(`The VPC ID '${vpcId}' is not found`);
  if (targetType === 'alb' && protocol !== 'TCP') {
    throw validationError(`Protocol '${protocol}' must be 'TCP' for target groups with target type 'alb'`);
  }
  const http = isHttp(protocol);
  const version = enumParameter(parameters, 'ProtocolVersion', ['HTTP1', 'HTTP2', 'GRPC']);
  if (!http && version !== undefined) {
    throw validationError(
      `A protocol version cannot be specified for target groups with the ${protocol} protocol`,
    );
  }
  return { protocol, port, vpcId, ...(http ? { protocolVersion: version ?? 'HTTP1' } : {}) };
}

function parseGroup(parameters: Parameters, { region, seeding }: ActionContext): Omit<TargetGroupV2, 'arn'> {
  const name = parseName(parameters, 'target group');
  const targetType =
    enumParameter(parameters, 'TargetType', ['instance', 'ip', 'lambda', 'alb']) ?? 'instance';
  const backend = parseBackend(parameters, targetType);
  return {
    region,
    name,
    ...backend,
    targetType,
    ipAddressType: enumParameter(parameters, 'IpAddressType', ['ipv4', 'ipv6']) ?? 'ipv4',
    healthCheck: parseHealthCheckV2(parameters, { ...backend, targetType }, { seeding: seeding === true }),
    targets: [],
    attributes: [],
    listsDefaults: true,
    tags: mergeTags([], parseTags(parameters), MAX_TAGS_V2),
  };
}

const settingsOf = (one: Omit<TargetGroupV2, 'arn'>): string => {
  const { protocol, port, protocolVersion, vpcId, targetType, ipAddressType, healthCheck, tags } = one;
  return JSON.stringify([
    protocol,
    port,
    protocolVersion,
    vpcId,
    targetType,
    ipAddressType,
    healthCheck,
    tags,
  ]);
};

/** The actions about target groups. */
export const targetGroupActions: Readonly<Record<string, Action>> = {
  /** A group of any type; the same again changes nothing. */
  CreateTargetGroup: write((state, parameters, context) => {
    const asked = parseGroup(parameters, context);
    const { elbv2 } = state;
    const { region, name } = asked;
    const present = elbv2.targetGroups.find((one) => one.region === region && one.name === name);
    if (present !== undefined) {
      if (settingsOf(present) === settingsOf(asked)) {
        return { state, result: { TargetGroups: members([describeTargetGroup(state, present)]) } };
      }
      throw new ServiceError(
        'DuplicateTargetGroupName',
        `A target group with the same name '${name}' exists, but with different settings`,
      );
    }
    const made: TargetGroupV2 = { ...asked, arn: targetGroupArn(context, name, elbv2.idsUsed) };
    const changed = withElbV2(state, {
      idsUsed: elbv2.idsUsed + 1,
      targetGroups: [...elbv2.targetGroups, made],
    });
    return { state: changed, result: { TargetGroups: members([describeTargetGroup(changed, made)]) } };
  }),
  /** The groups of a load balancer, those named by ARN or by name, or a page of all of them. */
  DescribeTargetGroups: read((state, parameters, { region }) => {
    const of = parameters.get('LoadBalancerArn') || undefined;
    const arns = [...new Set(optionalStringList(parameters, 'TargetGroupArns'))];
    const names = [...new Set(optionalStringList(parameters, 'Names'))];
    if ([of !== undefined, arns.length > 0, names.length > 0].filter(Boolean).length > 1) {
      throw validationError(
        'Target group names, target group ARNs and a load balancer ARN cannot be specified at the same time',
      );
    }
    const here = state.elbv2.targetGroups.filter((one) => one.region === region);
    const asked = (): typeof here => {
      if (of !== undefined) {
        const { arn } = getLoadBalancerV2(state, region, of);
        return here.filter((one) => loadBalancersOfGroup(state, one.arn).includes(arn));
      }
      if (arns.length > 0) return arns.map((arn) => getTargetGroup(state, region, arn));
      if (names.length === 0) return here;
      const found = here.filter((one) => names.includes(one.name));
      if (found.length < names.length) throw notFound('target group');
      return found;
    };
    const { page, NextMarker } = pageOf(asked(), ({ name }) => name, parameters);
    return { TargetGroups: members(page.map((one) => describeTargetGroup(state, one))), NextMarker };
  }),
  /** Changes the health check settings that are named and leaves the others. */
  ModifyTargetGroup: write((state, parameters, { region }) => {
    const group = getTargetGroup(state, region, requiredString(parameters, 'TargetGroupArn'));
    const healthCheck = parseHealthCheckV2(parameters, group, { present: group.healthCheck });
    const changed = replaceTargetGroup(state, { ...group, healthCheck });
    const described = describeTargetGroup(changed, { ...group, healthCheck });
    return { state: changed, result: { TargetGroups: members([described]) } };
  }),
  /** One that does not exist is not an error. */
  DeleteTargetGroup: write((state, parameters, { region }) => {
    const arn = checkArn(requiredString(parameters, 'TargetGroupArn'), 'target group');
    const { targetGroups } = state.elbv2;
    const present = targetGroups.find((one) => one.arn === arn && one.region === region);
    if (present === undefined) return { state, result: {} };
    if (loadBalancersOfGroup(state, arn).length > 0) {
      throw new ServiceError(
        'ResourceInUse',
        `Target group '${arn}' is currently in use by a listener or a rule`,
      );
    }
    const left = targetGroups.filter((one) => one !== present);
    return { state: withElbV2(state, { targetGroups: left }), result: {} };
  }),
};
