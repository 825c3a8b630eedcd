import type { ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type ClientOptions, type ClientPair, clientPair } from '../client-pair.js';
import type { Identity } from '../identity/identity.js';
import { ElasticLoadBalancingV2Client } from '../sdk.js';

/** The two clients of the ELBv2 API, of one region. */
export type NetworkClients = ClientPair<ElasticLoadBalancingV2Client, ServiceInputTypes, ServiceOutputTypes>;

/** Builds the clients of a region; nothing is sent and no credentials are looked for yet. */
export function networkClientsOf(identity: Identity, options: ClientOptions): NetworkClients {
  const config = {
    ...identity.client('elastic_load_balancing_v2', options.settings.region, options.timeouts),
    // Over a fleet, a tenth of a call's time would go into putting the same middlewares in order again.
    cacheMiddleware: true,
  };
  return clientPair((own) => new ElasticLoadBalancingV2Client({ ...config, ...own }), 'network', options);
}
