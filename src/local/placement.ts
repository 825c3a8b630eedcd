import { createHash } from 'node:crypto';
import { optionalStringList } from './request-lists.js';
import { optionalString, type Parameters } from './request-parameters.js';
import { invalidConfiguration, ServiceError, validationError } from './service-error.js';
import type { LoadBalancer } from './shapes.js';

/** Where a load balancer stands: its network, and who may reach it. */
export type Placement = Pick<
  LoadBalancer,
  'scheme' | 'vpcId' | 'subnets' | 'availabilityZones' | 'securityGroups' | 'sourceSecurityGroup'
>;

/** An id that is the same each time for the same things, and looks like EC2's. */
const madeUpId = (kind: string, ...of: readonly string[]): string =>
  `${kind}-${createHash('sha256').update(of.join('/')).digest('hex').slice(0, 8)}`;

function parseScheme(scheme: string | undefined): Placement['scheme'] {
  if (!scheme || scheme === 'internet-facing') return 'internet-facing';
  if (scheme === 'internal') return 'internal';
  throw new ServiceError('InvalidScheme', 400, `Invalid scheme: ${scheme}. It must be internal.`);
}

/** The network parameters of CreateLoadBalancer. There is no EC2 here, so ids are taken by their form. */
export function parsePlacement(
  parameters: Parameters,
  { region, accountId }: { readonly region: string; readonly accountId: string },
): Placement {
  const zones = optionalStringList(parameters, 'AvailabilityZones') ?? [];
  const subnets = optionalStringList(parameters, 'Subnets') ?? [];
  const groups = optionalStringList(parameters, 'SecurityGroups') ?? [];
  if (zones.length > 0 && subnets.length > 0) {
    throw validationError('Only one of SubnetIds or AvailabilityZones may be specified');
  }
  if (zones.length === 0 && subnets.length === 0) {
    throw validationError('Either AvailabilityZones or SubnetIds must be specified');
  }
  for (const zone of zones) {
    if (!zone.startsWith(region)) throw validationError(`Invalid availability zone: ${zone}`);
    // Some zones take no Classic Load Balancer; this is the one that a capture shows
    // (gruntwork-io/terragrunt-infrastructure-live-example#10).
    if (zone === 'us-east-1f') {
      throw invalidConfiguration(`Classic Load Balancers do not support Availability Zone '${zone}'.`);
    }
  }
  for (const subnet of subnets) {
    if (!/^subnet-[0-9a-z]+$/.test(subnet)) {
      throw new ServiceError('SubnetNotFound', 400, `The subnet ID '${subnet}' does not exist`);
    }
  }
  for (const group of groups) {
    if (!/^sg-[0-9a-z]+$/.test(group)) {
      throw new ServiceError('InvalidSecurityGroup', 400, `The security group '${group}' does not exist`);
    }
  }
  return {
    scheme: parseScheme(optionalString(parameters, 'Scheme')),
    vpcId: madeUpId('vpc', accountId, region),
    subnets: subnets.length > 0 ? subnets : zones.map((zone) => madeUpId('subnet', accountId, zone)),
    availabilityZones:
      zones.length > 0 ? zones : subnets.map((_, index) => `${region}${'abc'.charAt(index % 3)}`),
    securityGroups: groups.length > 0 ? groups : [madeUpId('sg', accountId, region)],
    // A group that was given has no name here, so its id stands for it.
    sourceSecurityGroup: {
      ownerAlias: accountId,
      groupName: groups[0] ?? `default_elb_${madeUpId('group', accountId, region).slice(6)}`,
    },
  };
}
