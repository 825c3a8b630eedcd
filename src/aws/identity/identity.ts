import type { Environment } from '../environment.js';
import { plainText } from '../plain-text.js';
import { defaultTimeouts, type Timeouts } from '../timeouts.js';
import { checkSettings } from './checked-settings.js';
import { chosenProfile } from './chosen-profile.js';
import type { ClientSettings, Keys } from './client-settings.js';
import { type Connections, connectionsIn, silence } from './connections.js';
import { type Endpoint, endpointIn } from './endpoint.js';
import { regionIn } from './region.js';
import { rememberKeys } from './remember-keys.js';
import type { AwsService } from './services.js';
import { type Profile, type Scope, type Setting, switchOf } from './setting.js';
import { readSharedConfig } from './shared-config.js';
import { metadataSettings } from './sources/instance.js';
import type { Sources } from './sources/source.js';
import { globalStsIn, isStsLegacy } from './sts-endpoint.js';

/** Who acts in a run, and where: decided once, before any client is made, and the same for every client. */
export interface Identity {
  readonly scope: Scope;
  readonly profile: Profile;
  /**
   * The region to work in: the one that is given, else `--region`, the environment's or the profile's.
   * @throws ElbProxyError `no-region` or `invalid-setting`
   */
  readonly region: (given?: string) => string;
  /** The same with its origin. */
  readonly regionSetting: (given?: string) => Setting;
  /**
   * The custom endpoint of a service; undefined if AWS's own is asked.
   * @throws ElbProxyError `invalid-endpoint` or `invalid-setting`
   */
  readonly endpoint: (service: AwsService) => Endpoint | undefined;
  /** Looks for the credentials at the first call, once a run; a failure is an ElbProxyError `no-credentials`. */
  readonly credentials: () => Promise<Keys>;
  readonly connections: Connections;
  readonly client: (service: AwsService, region: string, timeouts?: Timeouts) => ClientSettings;
}

/** The user's options for the connection; all may be left to the environment and the shared files. */
export interface ConnectionOptions {
  /** `--region`. */
  readonly region?: string | undefined;
  /** `--profile`. */
  readonly profile?: string | undefined;
  /** `--endpoint-url`. */
  readonly endpointUrl?: string | undefined;
  /** The process's own environment: the SDK reads the same one for credentials. */
  readonly env: Environment;
}

/** A run's additions to its connection options. */
interface IdentityOptions extends ConnectionOptions {
  /** Asks for the code of a multi-factor device; absent if no one is there to answer. */
  readonly askCode?: Sources['askCode'];
  /** Called with where region, endpoints and keys come from, as each is decided; for `--debug`, and never a secret. */
  readonly onDecided?: ((what: string) => void) | undefined;
}

/**
 * Reads the environment and the shared files, by the AWS CLI's rules; nothing is sent, no credentials are looked for yet.
 * @throws ElbProxyError `no-profile`, `usage` or `invalid-setting`
 */
export async function openIdentity(options: IdentityOptions): Promise<Identity> {
  const { env } = options;
  const shared = await readSharedConfig(env);
  const profile = chosenProfile(options.profile, env, shared);
  const scope: Scope = { env, profile };
  metadataSettings(scope);
  checkSettings(scope);
  const stsLegacy = isStsLegacy(scope);
  const connections = await connectionsIn(scope);
  const said = new Set<AwsService>();
  const endpoint = (service: AwsService) => {
    const found = endpointIn(scope, shared, service, options.endpointUrl);
    if (found !== undefined && !said.has(service))
      options.onDecided?.(`endpoint of ${service} ${plainText(found.url, 200)} from ${found.source}`);
    said.add(service);
    return found;
  };
  const variants = {
    useDualstackEndpoint: switchOf(scope, 'AWS_USE_DUALSTACK_ENDPOINT', 'use_dualstack_endpoint') ?? false,
    useFipsEndpoint: switchOf(scope, 'AWS_USE_FIPS_ENDPOINT', 'use_fips_endpoint') ?? false,
  };
  let lastRegion: string | undefined;
  const regionSetting = (given?: string): Setting => {
    const found = regionIn(scope, given ?? options.region);
    if (lastRegion !== found.value)
      options.onDecided?.(
        `region ${found.value} from ${given === undefined || given === options.region ? found.from : 'the command'}`,
      );
    lastRegion = found.value;
    return found;
  };
  const settings = (
    service: AwsService,
    region: string,
    timeouts = defaultTimeouts,
  ): Omit<ClientSettings, 'credentials'> => {
    const custom = endpoint(service);
    const global =
      service === 'sts' && stsLegacy && !custom && !variants.useDualstackEndpoint && !variants.useFipsEndpoint
        ? globalStsIn(region)
        : undefined;
    const url = custom?.url ?? global?.endpoint;
    // A custom endpoint is asked as it is: the SDK would refuse it beside a variant, or beside a region that names one.
    const asked = custom === undefined ? {} : { useDualstackEndpoint: false, useFipsEndpoint: false };
    return {
      region: global?.region ?? (custom === undefined ? region : region.replace(/^fips-|-fips$/, '')),
      ...(url === undefined ? {} : { endpoint: url }),
      requestHandler: connections.handler(url, timeouts),
      ...variants,
      ...asked,
      ignoreConfiguredEndpointUrls: true,
      defaultsMode: 'legacy',
      logger: silence,
    };
  };
  const credentials = rememberKeys(async () => {
    const { findCredentials } = await import('./find-credentials.js');
    const sources: Sources = {
      env,
      shared,
      scope,
      connections,
      askCode: options.askCode,
      client: (service, region) =>
        settings(service, region ?? regionIn(scope, options.region ?? lastRegion).value),
    };
    const found = await findCredentials(profile, sources);
    options.onDecided?.(`keys from ${plainText(found.from)}`);
    return found.fetch;
  });
  return {
    scope,
    profile,
    region: (given) => regionSetting(given).value,
    regionSetting,
    endpoint,
    credentials,
    connections,
    client: (service, region, timeouts) => ({ ...settings(service, region, timeouts), credentials }),
  };
}
