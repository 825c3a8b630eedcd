import {
  ElasticLoadBalancingClient,
  type ElasticLoadBalancingClientConfig,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-elastic-load-balancing';
import type { AwsCall } from './calls.js';
import { holdToRate } from './hold-to-rate.js';
import type { Identity } from './identity/identity.js';
import type { RateLimit } from './rate-control.js';
import { readRetries } from './retries.js';
import { type SendGate, sendGate } from './send-gate.js';
import type { ConnectionSettings } from './settings.js';
import { defaultTimeouts, type Timeouts } from './timeouts.js';
import { watchCalls } from './watch-calls.js';

/** The two clients of one region: reads are tried again, writes go out once. */
export interface Clients {
  readonly reader: ElasticLoadBalancingClient;
  /** Makes one attempt only. Asked for before each write, so that it signs with the clock offset that reads have learnt. */
  readonly writer: () => ElasticLoadBalancingClient;
  /** Asks each write once more when its bytes are about to leave. */
  readonly gate: SendGate<ServiceInputTypes, ServiceOutputTypes>;
}

/** Builds the clients of a region; nothing is sent and no credentials are looked for yet. */
export function clientsOf(
  settings: ConnectionSettings,
  identity: Identity,
  timeouts: Timeouts = defaultTimeouts,
  onCall?: (call: AwsCall) => void,
  limit?: RateLimit,
): Clients {
  const { region } = settings;
  const config: ElasticLoadBalancingClientConfig = {
    ...identity.client('elastic_load_balancing', region, timeouts),
    // Over a fleet, a tenth of a call's time would go into putting the same middlewares in order again.
    cacheMiddleware: true,
  };
  const watch = watchCalls<ServiceInputTypes, ServiceOutputTypes>({
    api: 'classic',
    region,
    bodyTimeoutMs: timeouts.request,
    onCall,
  });
  const prepare = (client: ElasticLoadBalancingClient): void => {
    client.middlewareStack.use(watch);
    // Outside of `watch`, which times the attempt and not the wait for it.
    if (limit !== undefined) client.middlewareStack.use(holdToRate(limit));
  };
  const reader = new ElasticLoadBalancingClient({
    ...config,
    maxAttempts: settings.maxAttempts,
    retryStrategy: readRetries(settings),
  });
  prepare(reader);
  let writer: ElasticLoadBalancingClient | undefined;
  const gate = sendGate<ServiceInputTypes, ServiceOutputTypes>();
  return {
    reader,
    gate,
    writer: () => {
      if (!writer) {
        writer = new ElasticLoadBalancingClient({
          ...config,
          requestHandler: reader.config.requestHandler,
          maxAttempts: 1,
          retryMode: 'standard',
        });
        prepare(writer);
        writer.middlewareStack.use(gate.plugin);
      }
      writer.config.systemClockOffset = reader.config.systemClockOffset;
      return writer;
    },
  };
}
