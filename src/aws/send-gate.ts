import type { ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-elastic-load-balancing';
import type { DeserializeMiddleware, Pluggable } from '@smithy/types';
import type { MaySend } from '../app/ports.js';
import { ElbProxyError } from '../errors.js';

/** The last question before a write leaves. */
export interface SendGate {
  readonly plugin: Pluggable<ServiceInputTypes, ServiceOutputTypes>;
  /** Has a call asked once more, right before its bytes go out: by its input, which the client hands through. */
  readonly guard: (input: ServiceInputTypes, maySend: MaySend | undefined) => void;
}

/**
 * A client plugin next to the wire, behind credentials, signature and every wait: a write whose read has grown too old
 * meanwhile is not sent.
 */
export function sendGate(): SendGate {
  const asked = new WeakMap<ServiceInputTypes, MaySend>();
  const middleware: DeserializeMiddleware<ServiceInputTypes, ServiceOutputTypes> = (next) => async (args) => {
    if (asked.get(args.input)?.() === false) {
      throw new ElbProxyError('the write was not sent: what it rests on had grown too old', {
        code: 'not-sent',
        fault: 'world',
      });
    }
    return next(args);
  };
  return {
    plugin: {
      applyToStack: (stack) => {
        stack.add(middleware, { step: 'deserialize', name: 'elbProxyGate', priority: 'low', override: true });
      },
    },
    guard: (input, maySend) => {
      if (maySend !== undefined) asked.set(input, maySend);
    },
  };
}
