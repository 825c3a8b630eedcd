import { ElbProxyError } from '../errors.js';
import { type Endpoint, variableOf } from './identity/endpoint.js';
import type { Identity } from './identity/identity.js';

/** The custom endpoint for load balancers of either kind: then the keys may be a clone's, not to be shown to AWS. */
export function customEndpoint(identity: Identity): Endpoint | undefined {
  return identity.endpoint('elastic_load_balancing') ?? identity.endpoint('elastic_load_balancing_v2');
}

/** The services that are asked beside the load balancing API, and fail where they can't be. */
export type BesideService = 'cloudwatch' | 'ec2' | 'ssm';

/** Their names. */
export const nameOfService: Readonly<Record<BesideService, string>> = {
  cloudwatch: 'CloudWatch',
  ec2: 'EC2',
  ssm: 'Systems Manager',
};

const beside = {
  cloudwatch: { code: 'no-alarm-endpoint', host: 'monitoring' },
  ec2: { code: 'no-ec2-endpoint', host: 'ec2' },
  ssm: { code: 'no-ssm-endpoint', host: 'ssm' },
} as const;

/**
 * The custom endpoint of a service beside the load balancing API; undefined if AWS's own is asked.
 * @param so what is not done where it must not be asked
 * @throws ElbProxyError `no-alarm-endpoint`, `no-ec2-endpoint` or `no-ssm-endpoint` where a custom endpoint is set for load
 * balancers and none for this service: keys for a clone are not shown to AWS
 */
export function endpointBeside(identity: Identity, service: BesideService, so: string): Endpoint | undefined {
  const endpoint = identity.endpoint(service);
  const custom = customEndpoint(identity);
  if (custom === undefined || endpoint !== undefined) return endpoint;
  const { code, host } = beside[service];
  const name = nameOfService[service];
  throw new ElbProxyError(
    `a custom endpoint is in use (${custom.source}) and none is set for ${name}, so ${so}`,
    {
      code,
      fault: 'user',
      hint: `set ${variableOf(service)} to the endpoint to use for ${name}: the same URL if it serves both, or https://${host}.REGION.amazonaws.com`,
    },
  );
}
