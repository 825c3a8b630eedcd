import { ec2Filter } from './ec2-filter.js';
import { type InstanceAddresses, instanceAddress } from './instance-address.js';
import { isInstanceId } from './instance-ids.js';
import { registeredInstances } from './registered-instances.js';
import type { Parameters } from './request-parameters.js';
import { ServiceError } from './service-error.js';
import type { State } from './shapes.js';
import type { XmlElements } from './xml.js';

const items = (list: readonly XmlElements[]): XmlElements | string => (list.length > 0 ? { item: list } : '');

/**
 * EC2's `DescribeInstances`, for the instances that are registered with a load balancer or a target group of the region or
 * were given an address, in one page.
 */
export function ec2DescribeInstances(
  state: State,
  parameters: Parameters,
  { region, accountId, addresses }: Ec2Context,
): XmlElements {
  const vpcs = registeredInstances(state, region);
  const known = new Set([...vpcs.keys(), ...Object.keys(addresses)]);
  const wanted = [...parameters].filter(([name]) => /^InstanceId\.\d+$/.test(name)).map(([, id]) => id);
  const malformed = wanted.find((id) => !isInstanceId(id));
  if (malformed !== undefined) {
    throw new ServiceError('InvalidInstanceID.Malformed', `Invalid id: "${malformed}"`);
  }
  const missing = wanted.filter((id) => !known.has(id));
  if (missing.length > 0) {
    const subject = missing.length > 1 ? 'instance IDs' : 'instance ID';
    const verb = missing.length > 1 ? 'do' : 'does';
    throw new ServiceError(
      'InvalidInstanceID.NotFound',
      `The ${subject} '${missing.join(', ')}' ${verb} not exist`,
    );
  }
  const passes = ec2Filter(parameters);
  const ids = (wanted.length > 0 ? [...new Set(wanted)] : [...known].toSorted()).filter((id) =>
    passes({
      'instance-id': id,
      'instance-state-name': 'running',
      'private-ip-address': instanceAddress(addresses, id),
      'vpc-id': vpcs.get(id),
    }),
  );
  return {
    reservationSet: items(
      ids.map((id) => ({
        reservationId: `r-${id.slice(2)}`,
        ownerId: accountId,
        groupSet: '',
        instancesSet: items([
          {
            instanceId: id,
            instanceState: { code: 16, name: 'running' },
            privateIpAddress: instanceAddress(addresses, id),
            vpcId: vpcs.get(id),
            placement: { availabilityZone: `${region}a`, tenancy: 'default' },
            instanceType: 't3.micro',
          },
        ]),
      })),
    ),
  };
}

/** The input of {@link ec2DescribeInstances} besides the state. */
export interface Ec2Context {
  readonly region: string;
  readonly accountId: string;
  readonly addresses: InstanceAddresses;
}
