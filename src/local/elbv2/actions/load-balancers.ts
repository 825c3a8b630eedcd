import { type Action, type ActionContext, read, write } from '../../action.js';
import { loopbackAddress } from '../../loopback-address.js';
import { addSubnets, checkSecurityGroups, checkSubnets, madeUpId } from '../../placement.js';
import { optionalStringList, structureList } from '../../request-lists.js';
import { enumParameter, type Parameters, requiredString } from '../../request-parameters.js';
import {
  constraintError,
  invalidConfigurationV2,
  ServiceError,
  validationError,
} from '../../service-error.js';
import { MAX_TAGS_V2, mergeTags, parseTags } from '../../tag-rules.js';
import { members } from '../../xml.js';
import { checkArn, loadBalancerArn } from '../arn.js';
import { loadBalancerAttributesV2 } from '../default-attributes.js';
import { describeLoadBalancerV2 } from '../describe.js';
import { getLoadBalancerV2, notFound, withElbV2 } from '../found.js';
import { parseName } from '../name-rules.js';
import { pageOf } from '../page.js';
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

const MOST_NAMED = 20;

// AWS's default quotas. They are reported, not enforced: a test may need a thousand load balancers.
const limits = [
  { Name: 'application-load-balancers', Max: '50' },
  { Name: 'listeners-per-network-load-balancer', Max: '50' },
  { Name: 'network-load-balancers', Max: '50' },
  { Name: 'target-groups', Max: '3000' },
  { Name: 'target-groups-per-action-on-network-load-balancer', Max: '5' },
  { Name: 'target-id-registrations-per-application-load-balancer', Max: '1000' },
  { Name: 'targets-per-availability-zone-per-network-load-balancer', Max: '500' },
  { Name: 'targets-per-network-load-balancer', Max: '3000' },
];

/** The actions about load balancers. */
export const loadBalancerActions: Readonly<Record<string, Action>> = {
  /** A load balancer of any type, application by default; the same again changes nothing. */
  CreateLoadBalancer: write((state, parameters, context) => {
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
  }),
  /** The load balancers named by ARN or by name, or a page of all of them. */
  DescribeLoadBalancers: read((state, parameters, { region }) => {
    const arns = [...new Set(optionalStringList(parameters, 'LoadBalancerArns'))];
    const names = [...new Set(optionalStringList(parameters, 'Names'))];
    if (arns.length > 0 && names.length > 0) {
      throw validationError(
        'Load balancer names and load balancer ARNs cannot be specified at the same time',
      );
    }
    const [at, asked] = arns.length > 0 ? ['loadBalancerArns', arns] : ['names', names];
    if (asked.length > MOST_NAMED) {
      throw constraintError(`[${asked.join(', ')}]`, at, `have length less than or equal to ${MOST_NAMED}`);
    }
    const here = state.elbv2.loadBalancers.filter((one) => one.region === region);
    const named = [
      ...arns.map((arn) => getLoadBalancerV2(state, region, arn)),
      ...names.map((name) => {
        const found = here.find((one) => one.name === name);
        if (found === undefined) throw notFound('load balancer');
        return found;
      }),
    ];
    const { page, NextMarker } = pageOf(named.length > 0 ? named : here, ({ name }) => name, parameters);
    return { LoadBalancers: members(page.map(describeLoadBalancerV2)), NextMarker };
  }),
  /** Deletes its listeners, too; a load balancer that does not exist is not an error. */
  DeleteLoadBalancer: write((state, parameters, { region }) => {
    const arn = checkArn(requiredString(parameters, 'LoadBalancerArn'), 'load balancer');
    const { loadBalancers, listeners } = state.elbv2;
    const present = loadBalancers.find((one) => one.arn === arn && one.region === region);
    if (present === undefined) return { state, result: {} };
    if (loadBalancerAttributesV2(present).get('deletion_protection.enabled') === 'true') {
      throw new ServiceError(
        'OperationNotPermitted',
        `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`,
      );
    }
    return {
      state: withElbV2(state, {
        loadBalancers: loadBalancers.filter((one) => one !== present),
        listeners: listeners.filter((one) => one.loadBalancerArn !== arn),
      }),
      result: {},
    };
  }),
  /** The default quotas, in pages. */
  DescribeAccountLimits: read((_state, parameters) => {
    const { page, NextMarker } = pageOf(limits, ({ Name }) => Name, parameters);
    return { Limits: members(page), NextMarker };
  }),
};
