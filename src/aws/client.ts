import type { ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-elastic-load-balancing';
import { type ClientOptions, type ClientPair, clientPair } from './client-pair.js';
import type { Identity } from './identity/identity.js';
import { ElasticLoadBalancingClient } from './sdk.js';

/** The two clients of the Classic API, of one region. */
export type Clients = ClientPair<ElasticLoadBalancingClient, ServiceInputTypes, ServiceOutputTypes>;

/** Builds the clients of a region; nothing is sent and no credentials are looked for yet. */
export function clientsOf(identity: Identity, options: ClientOptions): Clients {
  const config = {
    ...identity.client('elastic_load_balancing', options.settings.region, options.timeouts),
    // Over a fleet, a tenth of a call's time would go into putting the same middlewares in order again.
    cacheMiddleware: true,
  };
  return clientPair((own) => new ElasticLoadBalancingClient({ ...config, ...own }), 'classic', options);
}
