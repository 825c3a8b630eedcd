import type { DeserializeMiddleware, MetadataBearer, Pluggable } from '@smithy/types';
import type { MaySend } from '../app/ports.js';
import { ElbProxyError } from '../errors.js';

/** The last check before a write leaves. */
export interface SendGate<Input extends object, Output extends MetadataBearer> {
  readonly plugin: Pluggable<Input, Output>;
  /** Has a call asked once more, right before its bytes go out: by its input, which the client hands through. */
  readonly guard: (input: Input, maySend: MaySend | undefined) => void;
}

/** A client plugin next to the wire: a write whose read has grown too old meanwhile is not sent. */
export function sendGate<Input extends object, Output extends MetadataBearer>(): SendGate<Input, Output> {
  const asked = new WeakMap<Input, MaySend>();
  const middleware: DeserializeMiddleware<Input, Output> = (next) => async (args) => {
    if (asked.get(args.input)?.() === false) {
      throw new ElbProxyError('the write was not sent: the read it was based on had become too old', {
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
