import type { ActionContext, WriteAction } from '../../action.js';
import { loopbackAddress } from '../../loopback-address.js';
import { addSubnets, checkSecurityGroups, checkSubnets, madeUpId } from '../../placement.js';
import { optionalStringList, structureList } from '../../request-lists.js';
import type { Parameters } from '../../request-parameters.js';
import { ServiceError, validationError } from '../../service-error.js';
import { MAX_TAGS_V2, mergeTags, parseTags } from '../../tag-rules.js';
import { members } from '../../xml.js';
import { loadBalancerArn } from '../arn.js';
import { describeLoadBalancerV2 } from '../describe.js';
import { enumParameter } from '../enum-parameter.js';
import { invalidConfigurationV2 } from '../errors.js';
import { withElbV2 } from '../found.js';
import { parseName } from '../name-rules.js';
import type { LoadBalancerType, LoadBalancerV2 } from '../shapes.js';

const MOST_ZONES = 25;

function parseZones(parameters: Parameters, type: LoadBalancerType, region: string): LoadBalancerV2['zones'] {
  const plain = optionalStringList(parameters, 'Subnets') ?? [];
  const mapped = structureList(parameters, 'SubnetMappings').map((one) => one.get('SubnetId') ?? '');
  if (plain.length > 0 && mapped.length > 0) {
    throw validationError('You must specify either subnets or subnet mappings, but not both');
  }
  const subnets = [...new Set([...plain, ...mapped])];
  if (subnets.length === 0) throw validationError('At least one subnet must be specified');
  if (subnets.length > MOST_ZONES) {
    throw invalidConfigurationV2('There are more subnets than availability zones');
  }
  checkSubnets(subnets);
  if (type === 'application' && subnets.length < 2) {
    throw validationError('At least two subnets in two different Availability Zones must be specified');
  }
  return addSubnets([], subnets, region).map(({ zone, subnet }) => ({ zoneName: zone, subnetId: subnet }));
}

function parseLoadBalancer(
  parameters: Parameters,
  { region, accountId }: ActionContext,
): Omit<LoadBalancerV2, 'arn' | 'dnsName' | 'createdTime'> {
  const name = parseName(parameters, 'load balancer');
  const type = enumParameter(parameters, 'Type', ['application', 'network', 'gateway']) ?? 'application';
  const groups = optionalStringList(parameters, 'SecurityGroups') ?? [];
  checkSecurityGroups(groups);
  return {
    region,
    name,
    type,
    scheme: enumParameter(parameters, 'Scheme', ['internet-facing', 'internal']) ?? 'internet-facing',
    vpcId: madeUpId('vpc', accountId, region),
    zones: parseZones(parameters, type, region),
    securityGroups:
      groups.length > 0 || type !== 'application' ? groups : [madeUpId('sg', accountId, region)],
    ipAddressType:
      enumParameter(parameters, 'IpAddressType', ['ipv4', 'dualstack', 'dualstack-without-public-ipv4']) ??
      'ipv4',
    attributes: [],
    tags: mergeTags([], parseTags(parameters), MAX_TAGS_V2),
  };
}

const settingsOf = ({ type, scheme, zones, securityGroups, ipAddressType, tags }: Partial<LoadBalancerV2>) =>
  JSON.stringify({ type, scheme, zones, securityGroups, ipAddressType, tags });

/** `CreateLoadBalancer`: of any type, application by default; the same again changes nothing. */
export const createLoadBalancer: WriteAction = {
  kind: 'write',
  name: 'CreateLoadBalancer',
  run: (state, parameters, context) => {
    const asked = parseLoadBalancer(parameters, context);
    const { elbv2 } = state;
    const { region, name, type } = asked;
    const present = elbv2.loadBalancers.find((one) => one.region === region && one.name === name);
    if (present !== undefined) {
      if (settingsOf(present) === settingsOf(asked)) {
        return { state, result: { LoadBalancers: members([describeLoadBalancerV2(present)]) } };
      }
      throw new ServiceError(
        'DuplicateLoadBalancerName',
        400,
        `A load balancer with the same name '${name}' exists, but with different settings`,
      );
    }
    const made: LoadBalancerV2 = {
      ...asked,
      arn: loadBalancerArn(context, type, name, elbv2.idsUsed),
      dnsName: loopbackAddress(state.addressesUsed),
      createdTime: context.now().toISOString(),
    };
    return {
      state: {
        ...withElbV2(state, {
          idsUsed: elbv2.idsUsed + 1,
          loadBalancers: [...elbv2.loadBalancers, made],
        }),
        addressesUsed: state.addressesUsed + 1,
      },
      result: { LoadBalancers: members([describeLoadBalancerV2(made)]) },
    };
  },
};
