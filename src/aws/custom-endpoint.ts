import type { Identity } from './identity/identity.js';

/**
 * The custom endpoint at which load balancers of either kind are asked for, if any: then the keys may be a clone's, which other
 * services of AWS are not shown.
 */
export function customEndpoint(identity: Identity): ReturnType<Identity['endpoint']> {
  return identity.endpoint('elastic_load_balancing') ?? identity.endpoint('elastic_load_balancing_v2');
}
