import { EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { batchesOf } from './calling.js';
import { endpointBeside } from './custom-endpoint.js';
import { faultOf, isDenied, withHint } from './faults.js';
import { type ConnectionOptions, type Identity, openIdentity } from './identity/identity.js';
import { readRetries } from './retries.js';
import { settingsOf } from './settings.js';
import { watchAttempts } from './watch-calls.js';

/** Values that one filter may have. */
const idsPerCall = 200;

/**
 * The private addresses (IPv4, else IPv6) of EC2 instances by id, of those that have one.
 * @throws ElbProxyError as the load balancing API does, and `no-ec2-endpoint`; a denial names `ec2:DescribeInstances`.
 */
export async function instanceAddresses(
  ids: readonly string[],
  options: ConnectionOptions & { readonly identity?: Identity | undefined },
): Promise<ReadonlyMap<string, string>> {
  const identity = options.identity ?? (await openIdentity(options));
  const settings = settingsOf(identity, options.region);
  const { region } = settings;
  const endpoint = endpointBeside(identity, 'ec2', 'no address was looked up');
  const client = new EC2Client({
    ...identity.client('ec2', region),
    maxAttempts: settings.maxAttempts,
    retryStrategy: readRetries(settings),
  });
  client.middlewareStack.use(watchAttempts({ region }));
  const found = new Map<string, string>();
  try {
    for (const values of batchesOf(ids, idsPerCall)) {
      // A filter, because one id that is gone would fail a call that names it.
      const input = { Filters: [{ Name: 'instance-id', Values: [...values] }] };
      for await (const page of paginateDescribeInstances({ client }, input)) {
        for (const { InstanceId, PrivateIpAddress, Ipv6Address } of (page.Reservations ?? []).flatMap(
          ({ Instances }) => Instances ?? [],
        )) {
          const address = PrivateIpAddress ?? Ipv6Address;
          if (InstanceId !== undefined && address !== undefined && values.includes(InstanceId))
            found.set(InstanceId, address);
        }
      }
    }
    return found;
  } catch (error) {
    const fault = faultOf(error, { service: 'ec2', action: 'DescribeInstances', region, endpoint });
    throw isDenied(fault)
      ? withHint(
          fault,
          'the caller lacks the IAM action ec2:DescribeInstances; without it, give the addresses: elb-proxy verify backend HOST:PORT...',
          'user',
        )
      : fault;
  } finally {
    client.destroy();
  }
}
