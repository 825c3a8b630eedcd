import { EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { ElbProxyError } from '../errors.js';
import { credentialsOf } from './credentials.js';
import { type Endpoint, endpointOf } from './endpoint.js';
import { faultOf } from './faults.js';
import type { Profile } from './profile.js';
import { readRetries } from './retries.js';
import { type ConnectionOptions, readSettings } from './settings.js';

/** Values that one filter may have. */
const idsPerCall = 200;

/**
 * The private addresses of EC2 instances by id, an IPv6 address where there is no IPv4 one. Instances that EC2 does not
 * know, or that have no address any more, are left out.
 * @throws ElbProxyError as the load balancing API does; a denial names `ec2:DescribeInstances`.
 */
export async function instanceAddresses(
  ids: readonly string[],
  options: ConnectionOptions,
): Promise<ReadonlyMap<string, string>> {
  const settings = await readSettings(options);
  const { region, profile } = settings;
  const endpoint = ec2EndpointOf(options, profile);
  const client = new EC2Client({
    region,
    ...(profile.chosenBy === undefined ? {} : { profile: profile.name }),
    ...(endpoint === undefined ? {} : { endpoint: endpoint.url }),
    ignoreConfiguredEndpointUrls: true,
    credentialDefaultProvider: credentialsOf(profile, options.env),
    maxAttempts: settings.maxAttempts,
    retryStrategy: readRetries(settings),
    requestHandler: { connectionTimeout: 5000, requestTimeout: 30_000, throwOnRequestTimeout: true, logger },
    logger,
  });
  const found = new Map<string, string>();
  try {
    for (let from = 0; from < ids.length; from += idsPerCall) {
      const values = ids.slice(from, from + idsPerCall);
      // A filter, because one id that is gone would fail a call that names it.
      const input = { Filters: [{ Name: 'instance-id', Values: values }] };
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
    throw denialNamed(faultOf(error, { action: 'DescribeInstances', region, endpoint }));
  } finally {
    client.destroy();
  }
}

/**
 * EC2's endpoint by the rules of the load balancing API's, with its own variable and its own key of the profile's
 * services section. `--endpoint-url` names the load balancing API: what is said of EC2 in particular goes before it.
 */
function ec2EndpointOf({ endpointUrl, env }: ConnectionOptions, profile: Profile): Endpoint | undefined {
  const own = env['AWS_ENDPOINT_URL_EC2'];
  const services = profile.services?.['ec2.endpoint_url'];
  const endpoint = endpointOf(
    own === undefined || own === '' ? endpointUrl : undefined,
    {
      ...profile,
      services: services === undefined ? undefined : { 'elastic_load_balancing.endpoint_url': services },
    },
    { ...env, AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: own },
  );
  return endpoint?.source === 'AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING'
    ? { ...endpoint, source: 'AWS_ENDPOINT_URL_EC2' }
    : endpoint;
}

function denialNamed(fault: ElbProxyError): ElbProxyError {
  if (!['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'].includes(fault.code)) return fault;
  const { code, requestId, cause } = fault;
  return new ElbProxyError(fault.message, {
    code,
    fault: 'user',
    requestId,
    cause,
    hint: 'the caller lacks the IAM action ec2:DescribeInstances; without it, give the addresses: elb-proxy verify backend HOST:PORT...',
  });
}

const nothing = () => undefined;
const logger = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
