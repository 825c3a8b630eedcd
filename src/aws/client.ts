import type { ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-elastic-load-balancing';
import type { AwsCall } from './calls.js';
import { type ClientPair, clientPair } from './client-pair.js';
import type { Identity } from './identity/identity.js';
import type { RateLimit } from './rate-control.js';
import { ElasticLoadBalancingClient } from './sdk.js';
import type { ConnectionSettings } from './settings.js';
import { defaultTimeouts, type Timeouts } from './timeouts.js';

/** The two clients of the Classic API, of one region. */
export type Clients = ClientPair<ElasticLoadBalancingClient, ServiceInputTypes, ServiceOutputTypes>;

/** Builds the clients of a region; nothing is sent and no credentials are looked for yet. */
export function clientsOf(
  settings: ConnectionSettings,
  identity: Identity,
  timeouts: Timeouts = defaultTimeouts,
  onCall?: (call: AwsCall) => void,
  limit?: RateLimit,
): Clients {
  const config = {
    ...identity.client('elastic_load_balancing', settings.region, timeouts),
    // Over a fleet, a tenth of a call's time would go into putting the same middlewares in order again.
    cacheMiddleware: true,
  };
  return clientPair((own) => new ElasticLoadBalancingClient({ ...config, ...own }), {
    api: 'classic',
    settings,
    timeouts,
    onCall,
    limit,
  });
}
