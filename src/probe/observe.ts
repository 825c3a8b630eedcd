import type { Observation } from './observation.js';
import type { ObserveOptions } from './observe-options.js';
import { observePlain } from './observe-plain.js';
import { observeTls } from './observe-tls.js';
import { openConnection } from './open-connection.js';
import { type ProbeName, partsOf } from './probe.js';

/** An observation, and the address that the other side saw. */
export interface Observed {
  readonly observation: Observation;
  readonly seenFrom: string | undefined;
}

/** Makes one connection and one write; undefined where the signal cut it off. Never rejects; its time is bounded. */
export async function observe(probe: ProbeName, options: ObserveOptions): Promise<Observed | undefined> {
  const { address, port, settings, signal } = options;
  const started = performance.now();
  const connection = await openConnection(address, port, settings.timeoutMs, signal);
  if (signal.aborted) {
    connection.socket.destroy();
    return undefined;
  }
  if (connection.failed !== undefined) {
    const nothing = Buffer.alloc(0);
    const ms = performance.now() - started;
    return {
      observation: {
        probe,
        sent: nothing,
        received: nothing,
        receivedTotal: 0,
        ended: connection.failed,
        ms,
      },
      seenFrom: undefined,
    };
  }
  const { socket } = connection;
  const seenFrom = socket.localAddress?.replace(/^::ffff:(?=\d+\.)/, '');
  try {
    const { payload } = partsOf(probe);
    const observation = await (payload === 'tls' ? observeTls : observePlain)(probe, socket, options);
    return signal.aborted ? undefined : { observation, seenFrom };
  } finally {
    socket.destroy();
  }
}
