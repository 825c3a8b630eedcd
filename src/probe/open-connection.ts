import { connect, type Socket } from 'node:net';
import type { ConnectionEnd } from '../core/verify-result.js';

/** A connection that stands, or why it does not. */
export interface Opened {
  readonly socket: Socket;
  readonly failed?: ConnectionEnd;
}

/** Connects within the time. Never rejects. */
export function openConnection(
  host: string,
  port: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Opened> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    const settle = (failed?: ConnectionEnd): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      if (failed !== undefined) socket.destroy();
      resolve(failed === undefined ? { socket } : { socket, failed });
    };
    const abort = (): void => settle('unreachable');
    const timer = setTimeout(() => settle('timeout'), timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('connect', () => settle());
    // Stays for good: an error after the connection stood is read off the close.
    socket.on('error', (error: NodeJS.ErrnoException) => settle(failureOf(error.code)));
  });
}

function failureOf(code: string | undefined): ConnectionEnd {
  switch (code) {
    case 'ECONNREFUSED':
      return 'refused';
    // Taken, and gone before this side had noticed.
    case 'ECONNRESET':
      return 'reset';
    case 'ETIMEDOUT':
      return 'timeout';
    case undefined:
    default:
      return 'unreachable';
  }
}
