import type { ElasticLoadBalancingV2 } from '../../app/ports.js';
import { ElbProxyError } from '../../errors.js';
import { variableOf } from '../identity/endpoint.js';
import { type Identity, openIdentity } from '../identity/identity.js';
import type { OpenOptions } from '../open-elastic-load-balancing.js';
import { settingsOf } from '../settings.js';
import { networkClientsOf } from './network-client.js';
import { networkGatewayOf } from './network-gateway.js';

/**
 * The ELBv2 API of one region. Nothing is sent and no credentials are looked for before the first call.
 * @throws ElbProxyError `no-network-endpoint` if a custom endpoint is set for Classic Load Balancers and none for this
 * API; else as `openElasticLoadBalancing`
 */
export async function openNetworkLoadBalancing(options: OpenOptions): Promise<ElasticLoadBalancingV2> {
  const identity = options.identity ?? (await openIdentity(options));
  const settings = settingsOf(identity, options.region, 'elastic_load_balancing_v2');
  requireEndpoint(identity);
  const { timeouts, onCall, rateControl } = options;
  const limit = rateControl?.(settings.region, settings.endpoint !== undefined, 'network');
  return networkGatewayOf(networkClientsOf(identity, { settings, timeouts, onCall, limit }), settings, limit);
}

/** Keys for a clone are not shown to AWS. */
function requireEndpoint(identity: Identity): void {
  const classic = identity.endpoint('elastic_load_balancing');
  if (classic === undefined || identity.endpoint('elastic_load_balancing_v2') !== undefined) return;
  const variable = variableOf('elastic_load_balancing_v2');
  throw new ElbProxyError(
    `a custom endpoint is in use (${classic.source}) and none is set for Network Load Balancers (${variable}), so none of them were read`,
    {
      code: 'no-network-endpoint',
      fault: 'user',
      hint: `set ${variable} to the endpoint to use for them: the same URL if it serves both, or https://elasticloadbalancing.REGION.amazonaws.com`,
    },
  );
}
