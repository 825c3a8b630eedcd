import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { credentialsOf } from '../credentials.js';
import { type Endpoint, endpointOf } from '../endpoint.js';
import { type Profile, readProfile } from '../profile.js';
import { type ConnectionOptions, regionOf } from '../settings.js';
import { defaultTimeouts, type Timeouts } from '../timeouts.js';
import type { AwsService } from './services.js';

/** What every client of the AWS SDK is given, whatever its service; spread it into the client's configuration. */
export interface ClientSettings {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials: AwsCredentialIdentityProvider;
  /** Connections as the environment says: through its proxy, checked with its certificates. */
  readonly requestHandler: Readonly<Record<string, unknown>>;
  readonly ignoreConfiguredEndpointUrls: true;
  readonly logger: typeof silence;
}

/** Who acts in a run, and where: decided once, before any client is made, and the same for every client. */
export interface Identity {
  readonly profile: Profile;
  /**
   * The region to work in: the one that is given, else `--region`, the environment's or the profile's.
   * @throws ElbProxyError `no-region` or `invalid-setting`
   */
  readonly region: (given?: string) => string;
  /**
   * The custom endpoint of a service; undefined where AWS's own is asked.
   * @throws ElbProxyError `invalid-endpoint` or `invalid-setting`
   */
  readonly endpoint: (service: AwsService) => Endpoint | undefined;
  /** Looks for the credentials at the first call, once a run; a failure is an ElbProxyError `no-credentials`. */
  readonly credentials: AwsCredentialIdentityProvider;
  readonly client: (service: AwsService, region: string, timeouts?: Timeouts) => ClientSettings;
}

/**
 * Reads the environment and the shared files. Nothing is sent, and no credentials are looked for yet.
 * @throws ElbProxyError `no-profile`, `usage` or `invalid-setting`
 */
export async function openIdentity(options: ConnectionOptions): Promise<Identity> {
  const { env } = options;
  const profile = await readProfile(options.profile, env);
  const credentials = credentialsOf(profile, env)({});
  const endpoint = (service: AwsService) => {
    if (service === 'elastic_load_balancing') return endpointOf(options.endpointUrl, profile, env);
    // `--endpoint-url` names the load balancing API; EC2 is asked there unless something is said of it in particular.
    const own = env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`];
    const services = profile.services?.[`${service}.endpoint_url`];
    const found = endpointOf(
      service === 'ec2' && !own ? options.endpointUrl : undefined,
      { ...profile, services: services ? { 'elastic_load_balancing.endpoint_url': services } : undefined },
      { ...env, AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING: own },
    );
    return found?.source === 'AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING'
      ? { ...found, source: `AWS_ENDPOINT_URL_${service.toUpperCase()}` }
      : found;
  };
  return {
    profile,
    region: (given) => regionOf(given ?? options.region, profile, env),
    endpoint,
    credentials,
    client: (service, region, timeouts = defaultTimeouts) => {
      const custom = endpoint(service);
      return {
        region,
        ...(custom === undefined ? {} : { endpoint: custom.url }),
        credentials,
        requestHandler: {
          connectionTimeout: timeouts.connect,
          requestTimeout: timeouts.request,
          throwOnRequestTimeout: true,
          logger: silence,
        },
        ignoreConfiguredEndpointUrls: true,
        logger: silence,
      };
    },
  };
}

const nothing = () => undefined;

/** The SDK warns on the console by itself (two sources of credentials, busy sockets); what matters is in our errors. */
export const silence = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};
