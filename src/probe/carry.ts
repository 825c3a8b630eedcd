import { setTimeout as pause } from 'node:timers/promises';
import { carryBytes } from './carry-bytes.js';
import { carryHandshake } from './carry-handshake.js';
import type { Exchange } from './exchange.js';
import { openConnection } from './open-connection.js';
import type { Recording } from './recording.js';

/** A recording, and the address that the other side saw. */
export interface Carried {
  readonly recording: Recording;
  readonly seenFrom: string | undefined;
}

/** Where to. */
export interface Destination {
  readonly address: string;
  readonly port: number;
  /** Milliseconds for the connection. */
  readonly timeoutMs: number;
}

/** Carries an exchange over a socket of this machine; undefined where the signal cut it off. Its time is bounded. */
export async function carry(
  exchange: Exchange,
  { address, port, timeoutMs }: Destination,
  signal: AbortSignal,
): Promise<Carried | undefined> {
  if (exchange.afterMs > 0) await pause(exchange.afterMs, undefined, { signal }).catch(() => undefined);
  if (signal.aborted) return undefined;
  const started = performance.now();
  const connection = await openConnection(address, port, timeoutMs, signal);
  const { socket } = connection;
  try {
    if (signal.aborted) return undefined;
    if ('failed' in connection)
      return { recording: nothing(exchange, connection.failed, started), seenFrom: undefined };
    const { ends } = connection;
    const recording =
      exchange.kind === 'handshake'
        ? await carryHandshake(exchange, socket, ends, signal)
        : await carryBytes(exchange, socket, ends, signal);
    return signal.aborted ? undefined : { recording, seenFrom: ends.source.address };
  } finally {
    socket.destroy();
  }
}

function nothing({ probe }: Exchange, ended: Recording['ended'], started: number): Recording {
  const none = Buffer.alloc(0);
  return { probe, sent: none, received: none, receivedTotal: 0, ended, ms: performance.now() - started };
}
