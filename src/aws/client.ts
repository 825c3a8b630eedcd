import {
  ElasticLoadBalancingClient,
  type ElasticLoadBalancingClientConfig,
} from '@aws-sdk/client-elastic-load-balancing';
import type { AwsCall } from './calls.js';
import type { CredentialSource } from './credentials.js';
import { holdToRate } from './hold-to-rate.js';
import type { RateLimit } from './rate-control.js';
import { readRetries } from './retries.js';
import type { ConnectionSettings } from './settings.js';
import { defaultTimeouts, type Timeouts } from './timeouts.js';
import { watchCalls } from './watch-calls.js';

/** The two clients of one region: reads are tried again, writes go out once. */
export interface Clients {
  readonly reader: ElasticLoadBalancingClient;
  /** Makes one attempt only. Asked for before each write, so that it signs with the clock offset that reads have learnt. */
  readonly writer: () => ElasticLoadBalancingClient;
}

/** Builds the clients of a region; nothing is sent and no credentials are looked for yet. */
export function clientsOf(
  settings: ConnectionSettings,
  credentials: CredentialSource,
  timeouts: Timeouts = defaultTimeouts,
  onCall?: (call: AwsCall) => void,
  limit?: RateLimit,
): Clients {
  const { region, profile, endpoint } = settings;
  const config: ElasticLoadBalancingClientConfig = {
    region,
    ...(profile.chosenBy === undefined ? {} : { profile: profile.name }),
    ...(endpoint === undefined ? {} : { endpoint: endpoint.url }),
    // Already settled; left to itself the SDK would look into AWS_PROFILE's or the default profile's endpoint.
    ignoreConfiguredEndpointUrls: true,
    credentialDefaultProvider: credentials,
    logger: silence,
    // Over a fleet, a tenth of a call's time would go into putting the same middlewares in order again.
    cacheMiddleware: true,
  };
  const watch = watchCalls({ region, bodyTimeoutMs: timeouts.request, onCall });
  const prepare = (client: ElasticLoadBalancingClient): void => {
    client.middlewareStack.use(watch);
    // Outside of `watch`, which times the attempt and not the wait for it.
    if (limit !== undefined) client.middlewareStack.use(holdToRate(limit));
  };
  const reader = new ElasticLoadBalancingClient({
    ...config,
    requestHandler: {
      connectionTimeout: timeouts.connect,
      requestTimeout: timeouts.request,
      throwOnRequestTimeout: true,
      logger: silence,
    },
    maxAttempts: settings.maxAttempts,
    retryStrategy: readRetries(settings),
  });
  prepare(reader);
  let writer: ElasticLoadBalancingClient | undefined;
  return {
    reader,
    writer: () => {
      if (!writer) {
        writer = new ElasticLoadBalancingClient({
          ...config,
          requestHandler: reader.config.requestHandler,
          maxAttempts: 1,
          retryMode: 'standard',
        });
        prepare(writer);
      }
      writer.config.systemClockOffset = reader.config.systemClockOffset;
      return writer;
    },
  };
}

const nothing = () => undefined;

/** The SDK warns on the console by itself (two sources of credentials, busy sockets); what matters is in our errors. */
const silence = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
