import type { RetryErrorInfo, RetryStrategyV2 } from '@smithy/types';
import { AdaptiveRetryStrategy, DefaultRateLimiter, StandardRetryStrategy } from './sdk.js';
import type { ConnectionSettings } from './settings.js';
import { isSilence, sdkFields } from './wire-code.js';

/** Waits before a further attempt, in milliseconds: the first one after a throttle, and after anything else. */
const firstWait = { throttled: 300, other: 50 };
const longestWait = 10_000;

/** Tries of something that does not answer at all, unless the user set the number: each may take a whole timeout. */
const attemptsOnSilence = 2;
/** Tries of something that refuses the connection or has no address. */
const attemptsOnRefusal = 3;

/**
 * How reads are tried again: the SDK's own strategy, with waits for a bucket that refills by ten calls a second: from
 * 0.3 s, doubled, half of it random, never below two calls a second. The SDK's own figures make three throttles cost ten.
 */
export function readRetries(
  settings: Pick<ConnectionSettings, 'retryMode' | 'maxAttempts' | 'maxAttemptsChosen'>,
): RetryStrategyV2 {
  const { maxAttempts, maxAttemptsChosen } = settings;
  const options = { maxAttempts, baseDelay: firstWait.other, backoff: backoff() };
  const strategy: RetryStrategyV2 =
    settings.retryMode === 'adaptive'
      ? new AdaptiveRetryStrategy(maxAttempts, {
          ...options,
          rateLimiter: new DefaultRateLimiter({ minFillRate: 2, minCapacity: 2 }),
        })
      : new StandardRetryStrategy(options);
  return {
    acquireInitialRetryToken: (scope) => strategy.acquireInitialRetryToken(scope),
    refreshRetryTokenForRetry: (token, error) => {
      const limit = maxAttemptsChosen ? maxAttempts : attemptsFor(error, maxAttempts);
      if (token.getRetryCount() + 1 >= limit) throw new Error('No further attempt.');
      return strategy.refreshRetryTokenForRetry(token, error);
    },
    recordSuccess: (token) => {
      strategy.recordSuccess(token);
    },
  };
}

function backoff() {
  let base = firstWait.other;
  return {
    setDelayBase: (delay: number) => {
      base = delay > firstWait.other ? firstWait.throttled : firstWait.other;
    },
    computeNextBackoffDelay: (retries: number) =>
      Math.floor(Math.min(base * 2 ** retries, longestWait) * (0.5 + Math.random() / 2)),
  };
}

function attemptsFor({ error }: RetryErrorInfo, maxAttempts: number): number {
  if (isSilence(error)) return Math.min(maxAttempts, attemptsOnSilence);
  if (
    ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(
      sdkFields(error).code ?? '',
    )
  ) {
    return Math.min(maxAttempts, attemptsOnRefusal);
  }
  return maxAttempts;
}
