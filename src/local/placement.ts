import { createHash } from 'node:crypto';
import { optionalStringList } from './request-lists.js';
import type { Parameters } from './request-parameters.js';
import { invalidConfiguration, ServiceError, validationError } from './service-error.js';
import type { LoadBalancer } from './shapes.js';

/** Where a load balancer is: its network, and who may reach it. */
export type Placement = Pick<
  LoadBalancer,
  'scheme' | 'vpcId' | 'subnets' | 'availabilityZones' | 'securityGroups' | 'sourceSecurityGroup'
>;

/** An id that is the same each time for the same things, and looks like EC2's. */
export const madeUpId = (kind: string, ...of: readonly string[]): string =>
  `${kind}-${createHash('sha256').update(of.join('/')).digest('hex').slice(0, 8)}`;

function parseScheme(scheme: string | undefined): Placement['scheme'] {
  if (!scheme || scheme === 'internet-facing') return 'internet-facing';
  if (scheme === 'internal') return 'internal';
  throw new ServiceError('InvalidScheme', `Invalid scheme: ${scheme}. It must be internal.`);
}

/** `ValidationError` unless a zone is one of the region. */
export function checkZone(zone: string, region: string): void {
  if (!zone.startsWith(region)) throw validationError(`Invalid availability zone: ${zone}`);
}

// The texts of the two errors below are the API reference's descriptions of them.

/** `SubnetNotFound` unless all ids have the form of a subnet's. */
export function checkSubnets(subnets: readonly string[]): void {
  if (subnets.every((subnet) => /^subnet-[0-9a-z]+$/.test(subnet))) return;
  throw new ServiceError('SubnetNotFound', 'One or more of the specified subnets do not exist.');
}

/** `InvalidSecurityGroup` unless all ids have the form of a security group's. */
export function checkSecurityGroups(groups: readonly string[]): void {
  if (groups.every((group) => /^sg-[0-9a-z]+$/.test(group))) return;
  throw new ServiceError(
    'InvalidSecurityGroup',
    'One or more of the specified security groups do not exist.',
  );
}

/** A subnet and its zone; a load balancer has one subnet in each of its zones. */
export interface Place {
  readonly subnet: string;
  readonly zone: string;
}

/** The places of a load balancer. */
export const placesOf = ({ subnets, availabilityZones }: LoadBalancer): readonly Place[] =>
  subnets.map((subnet, index) => ({ subnet, zone: availabilityZones[index] ?? '' }));

/** A load balancer's subnets and zones, each in the order in which they were added. */
export const atPlaces = (places: readonly Place[]): Pick<LoadBalancer, 'subnets' | 'availabilityZones'> => ({
  subnets: places.map(({ subnet }) => subnet),
  availabilityZones: places.map(({ zone }) => zone),
});

// Without f: see us-east-1f below.
const zoneLetters: readonly string[] = 'abcdeghijklmnopqrstuvwxyz'.split('');

/** Places with subnets added. There is no EC2 here, so each is in the next zone that has none yet. */
export function addSubnets(
  places: readonly Place[],
  subnets: readonly string[],
  region: string,
): readonly Place[] {
  const all = [...places];
  for (const subnet of subnets) {
    if (all.some((one) => one.subnet === subnet)) continue;
    const letter = zoneLetters.find((one) => !all.some(({ zone }) => zone === `${region}${one}`));
    if (letter === undefined) throw invalidConfiguration('There are more subnets than availability zones');
    all.push({ subnet, zone: `${region}${letter}` });
  }
  return all;
}

/** Places with zones added, each with a subnet that is the same each time. */
export function addZones(
  places: readonly Place[],
  zones: readonly string[],
  accountId: string,
): readonly Place[] {
  const added = [...new Set(zones)].filter((zone) => !places.some((one) => one.zone === zone));
  return [...places, ...added.map((zone) => ({ zone, subnet: madeUpId('subnet', accountId, zone) }))];
}

/** The places without some; a load balancer has at least one. */
export function placesWithout(
  places: readonly Place[],
  removed: (place: Place) => boolean,
): readonly Place[] {
  const left = places.filter((one) => !removed(one));
  if (left.length === 0) throw invalidConfiguration('A load balancer must have at least one subnet');
  return left;
}

/** The group of a load balancer's own traffic. A group that was given has no name here, so its id is used. */
export const sourceSecurityGroup = (
  groups: readonly string[],
  { region, accountId }: { readonly region: string; readonly accountId: string },
): LoadBalancer['sourceSecurityGroup'] => ({
  ownerAlias: accountId,
  groupName: groups[0] ?? `default_elb_${madeUpId('group', accountId, region).slice(6)}`,
});

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
    checkZone(zone, region);
    // Some zones take no Classic Load Balancer; this is the one that a capture shows
    // (gruntwork-io/terragrunt-infrastructure-live-example#10).
    if (zone === 'us-east-1f') {
      throw invalidConfiguration(`Classic Load Balancers do not support Availability Zone '${zone}'.`);
    }
  }
  checkSubnets(subnets);
  checkSecurityGroups(groups);
  const places = subnets.length > 0 ? addSubnets([], subnets, region) : addZones([], zones, accountId);
  return {
    scheme: parseScheme(parameters.get('Scheme')),
    vpcId: madeUpId('vpc', accountId, region),
    ...atPlaces(places),
    securityGroups: groups.length > 0 ? groups : [madeUpId('sg', accountId, region)],
    sourceSecurityGroup: sourceSecurityGroup(groups, { region, accountId }),
  };
}
