import type { ElasticLoadBalancing } from '../app/ports.js';
import type { AwsCall } from './calls.js';
import { clientsOf } from './client.js';
import { gatewayOf } from './gateway.js';
import { type ConnectionOptions, type Identity, openIdentity } from './identity/identity.js';
import type { RateControl } from './rate-control.js';
import { settingsOf } from './settings.js';
import type { Timeouts } from './timeouts.js';

/** How to open the API, besides where. */
export interface OpenOptions extends ConnectionOptions {
  /** Who acts; decided from the other options where it is absent. */
  readonly identity?: Identity | undefined;
  /** Called for each HTTP attempt as it ends; for `--debug`. */
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
  return openOne(options, options.identity ?? (await openIdentity(options)), options.region);
}

/**
 * The API of several regions, in the order given, with one set of credentials: a role is assumed once.
 * @throws as {@link openElasticLoadBalancing}
 */
export async function openRegions(
  options: Omit<OpenOptions, 'region'>,
  regions: readonly string[],
): Promise<readonly ElasticLoadBalancing[]> {
  const identity = options.identity ?? (await openIdentity({ ...options, region: regions[0] }));
  return regions.map((region) => openOne(options, identity, region));
}

function openOne(
  { timeouts, onCall, rateControl }: Omit<OpenOptions, 'region'>,
  identity: Identity,
  region: string | undefined,
): ElasticLoadBalancing {
  const settings = settingsOf(identity, region);
  const limit = rateControl?.(settings.region, settings.endpoint !== undefined);
  return gatewayOf(clientsOf(identity, { settings, timeouts, onCall, limit }), settings, limit);
}
