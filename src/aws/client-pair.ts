import type { ElasticLoadBalancingClientConfig } from '@aws-sdk/client-elastic-load-balancing';
import type { MetadataBearer, MiddlewareStack } from '@smithy/types';
import type { ApiKind } from './answer.js';
import type { AwsCall } from './calls.js';
import { holdToRate } from './hold-to-rate.js';
import type { RateLimit } from './rate-control.js';
import { readRetries } from './retries.js';
import { type SendGate, sendGate } from './send-gate.js';
import type { ConnectionSettings } from './settings.js';
import { defaultTimeouts, type Timeouts } from './timeouts.js';
import { watchCalls } from './watch-calls.js';

/** The two clients of one region: reads are tried again, writes go out once. */
export interface ClientPair<Client, Input extends object, Output extends MetadataBearer> {
  readonly reader: Client;
  /** Makes one attempt only. Asked for before each write, so that it signs with the clock offset that reads have learnt. */
  readonly writer: () => Client;
  /** Asks each write once more when its bytes are about to leave. */
  readonly gate: SendGate<Input, Output>;
}

/** The differences between the two clients of a pair. */
type PairedConfig = Pick<
  ElasticLoadBalancingClientConfig,
  'maxAttempts' | 'retryStrategy' | 'retryMode' | 'requestHandler'
>;

/** The common part of the clients of both APIs. */
interface PairedClient<Input extends object, Output extends MetadataBearer> {
  readonly config: {
    readonly requestHandler: NonNullable<PairedConfig['requestHandler']>;
    systemClockOffset: number;
  };
  readonly middlewareStack: MiddlewareStack<Input, Output>;
}

/** The settings of a pair. */
export interface ClientOptions {
  readonly settings: ConnectionSettings;
  readonly timeouts?: Timeouts | undefined;
  readonly onCall?: ((call: AwsCall) => void) | undefined;
  readonly limit?: RateLimit | undefined;
}

/** Builds the clients of a region; nothing is sent and no credentials are looked for yet. */
export function clientPair<
  Input extends object,
  Output extends MetadataBearer,
  Client extends PairedClient<Input, Output>,
>(
  make: (own: PairedConfig) => Client,
  api: ApiKind,
  { settings, timeouts = defaultTimeouts, onCall, limit }: ClientOptions,
): ClientPair<Client, Input, Output> {
  const watch = watchCalls<Input, Output>({
    api,
    region: settings.region,
    bodyTimeoutMs: timeouts.request,
    onCall,
  });
  const prepared = (client: Client): Client => {
    client.middlewareStack.use(watch);
    // Outside of `watch`, which times the attempt and not the wait for it.
    if (limit !== undefined) client.middlewareStack.use(holdToRate(limit));
    return client;
  };
  const reader = prepared(make({ maxAttempts: settings.maxAttempts, retryStrategy: readRetries(settings) }));
  const gate = sendGate<Input, Output>();
  let writer: Client | undefined;
  return {
    reader,
    gate,
    writer: () => {
      if (!writer) {
        const { requestHandler } = reader.config;
        writer = prepared(make({ requestHandler, maxAttempts: 1, retryMode: 'standard' }));
        writer.middlewareStack.use(gate.plugin);
      }
      writer.config.systemClockOffset = reader.config.systemClockOffset;
      return writer;
    },
  };
}
