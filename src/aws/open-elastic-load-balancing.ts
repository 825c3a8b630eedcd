import type { ElasticLoadBalancing } from '../app/ports.js';
import type { AwsCall } from './calls.js';
import { clientsOf } from './client.js';
import { credentialsOf } from './credentials.js';
import { gatewayOf } from './gateway.js';
import type { RateControl } from './rate-control.js';
import { type ConnectionOptions, readSettings } from './settings.js';
import type { Timeouts } from './timeouts.js';

/** How to open the API, besides where. */
export interface OpenOptions extends ConnectionOptions {
  /** Told of each HTTP attempt as it ends; for `--debug`. */
  readonly onCall?: ((call: AwsCall) => void) | undefined;
  readonly timeouts?: Timeouts | undefined;
  /** Shared by all that is opened in a run. Absent: calls go out as they come. */
  readonly rateControl?: RateControl | undefined;
}

/**
 * The API of one region. Nothing is sent and no credentials are looked for before the first call.
 * @throws ElbProxyError `no-region`, `no-profile`, `invalid-endpoint` or `invalid-setting`.
 */
export async function openElasticLoadBalancing(options: OpenOptions): Promise<ElasticLoadBalancing> {
  return openOne(options, await readSettings(options));
}

/**
 * The API of several regions, in the order given, with one set of credentials: a role is assumed once.
 * @throws as {@link openElasticLoadBalancing}
 */
export async function openRegions(
  options: Omit<OpenOptions, 'region'>,
  regions: readonly string[],
): Promise<readonly ElasticLoadBalancing[]> {
  const all = await Promise.all(regions.map((region) => readSettings({ ...options, region })));
  const [first] = all;
  const credentials = first && credentialsOf(first.profile, options.env);
  return all.map((settings) => openOne(options, settings, credentials));
}

function openOne(
  { env, timeouts, onCall, rateControl }: Omit<OpenOptions, 'region'>,
  settings: Awaited<ReturnType<typeof readSettings>>,
  credentials = credentialsOf(settings.profile, env),
): ElasticLoadBalancing {
  const limit = rateControl?.(settings.region, settings.endpoint !== undefined);
  return gatewayOf(clientsOf(settings, credentials, timeouts, onCall, limit), settings, limit);
}
