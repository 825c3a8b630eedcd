import { setTimeout as pause } from 'node:timers/promises';
import { carryBytes } from './carry-bytes.js';
import { carryHandshake } from './carry-handshake.js';
import type { Exchange } from './exchange.js';
import { type Opened, openConnection } from './open-connection.js';
import type { Recording } from './recording.js';
import type { Turns } from './turns.js';

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

/** How often, and after how many milliseconds, a connection is tried again that this machine had no socket for. */
const socketless = { attempts: 300, pauseMs: 100 };

/**
 * Carries an exchange over a socket of this machine, in its turn and time; undefined if the signal cut it off.
 * @throws Error if this machine has no socket to give
 */
export async function carry(
  exchange: Exchange,
  destination: Destination,
  { signal, turns }: { readonly signal: AbortSignal; readonly turns: Turns },
): Promise<Carried | undefined> {
  if (exchange.afterMs > 0) await pause(exchange.afterMs, undefined, { signal }).catch(() => undefined);
  for (let attempt = 1; ; attempt++) {
    const endTurn = await turns.take();
    try {
      if (signal.aborted) return undefined;
      const carried = await carryOnce(exchange, destination, signal, endTurn);
      if (carried !== 'no socket') return carried;
    } finally {
      endTurn();
    }
    // Other connections of this run will end and leave theirs.
    if (attempt === socketless.attempts)
      throw new Error('this machine has no sockets left: too many open files');
    await pause(socketless.pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

async function carryOnce(
  exchange: Exchange,
  { address, port, timeoutMs }: Destination,
  signal: AbortSignal,
  endTurn: () => void,
): Promise<Carried | 'no socket' | undefined> {
  const started = performance.now();
  const connection: Opened = await openConnection(address, port, timeoutMs, signal);
  try {
    if (signal.aborted) return undefined;
    if ('failed' in connection) {
      if (connection.socketless) return 'no socket';
      return { recording: nothing(exchange, connection.failed, started), seenFrom: undefined };
    }
    const { socket, ends } = connection;
    if (exchange.kind === 'bytes' && exchange.lead === 'plain' && exchange.bytes.length === 0) endTurn();
    const recording =
      exchange.kind === 'handshake'
        ? await carryHandshake(exchange, socket, ends, signal)
        : await carryBytes(exchange, socket, ends, signal);
    return signal.aborted ? undefined : { recording, seenFrom: ends.source.address };
  } finally {
    connection.socket.destroy();
  }
}

function nothing({ probe }: Exchange, ended: Recording['ended'], started: number): Recording {
  const none = Buffer.alloc(0);
  return { probe, sent: none, received: none, receivedTotal: 0, ended, ms: performance.now() - started };
}
