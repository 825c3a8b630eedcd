import type { FinalizeRequestMiddleware, MetadataBearer, Pluggable } from '@smithy/types';
import type { RateLimit } from './rate-control.js';
import { isThrottle } from './wire-code.js';

/** A client plugin inside the retry loop, so that each attempt takes its turn; the slower of SDK and bucket decides. */
export function holdToRate<Input extends object, Output extends MetadataBearer>(
  limit: RateLimit,
): Pluggable<Input, Output> {
  const middleware: FinalizeRequestMiddleware<Input, Output> =
    (next, { commandName = '' }) =>
    async (args) => {
      // A write goes at once: it rests on a read that must not grow old. The calls after it wait the longer.
      if (commandName.startsWith('Describe')) await limit.turn();
      else limit.charge();
      try {
        return await next(args);
      } catch (error) {
        if (isThrottle(error)) limit.throttled();
        throw error;
      }
    };
  return {
    applyToStack: (stack) => {
      stack.addRelativeTo(middleware, {
        name: 'elbProxyRate',
        relation: 'after',
        toMiddleware: 'retryMiddleware',
        override: true,
      });
    },
  };
}
