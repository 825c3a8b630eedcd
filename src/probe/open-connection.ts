import { connect, type Socket } from 'node:net';
import type { ConnectionEnd } from '../core/verify-result.js';
import type { Ends } from './lead-bytes.js';
import { onAbort } from './on-abort.js';
import { wait } from './wait.js';

/** A connection that is, with its ends; or why it does not. */
export type Opened =
  | { readonly socket: Socket; readonly ends: Ends }
  | {
      readonly socket: Socket;
      readonly failed: ConnectionEnd;
      /** Whether too many files were open, so that the other side was not asked. */
      readonly socketless: boolean;
    };

/** Connects to an address within the time. Never rejects. */
export function openConnection(
  address: string,
  port: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Opened> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, noDelay: true });
    const done = (opened: Opened): void => {
      endWait();
      ignoreAbort();
      if ('failed' in opened) socket.destroy();
      resolve(opened);
    };
    const fail = (failed: ConnectionEnd, socketless = false): void => done({ socket, failed, socketless });
    const endWait = wait(timeoutMs, () => fail('timeout'));
    const ignoreAbort = onAbort(signal, () => fail('unreachable'));
    socket.once('connect', () => {
      // The other side's is what was asked for: once it has reset the connection, the system no longer knows it.
      const { localAddress, localPort } = socket;
      if (localAddress === undefined || localPort === undefined) return fail('reset');
      done({
        socket,
        ends: {
          source: { address: plain(localAddress), port: localPort },
          destination: { address: plain(address), port },
        },
      });
    });
    // Never removed: an error on an open connection shows in how it closes.
    socket.on('error', ({ code }: NodeJS.ErrnoException) => fail(failureOf(code), tooManyFiles.has(code)));
  });
}

const tooManyFiles: ReadonlySet<string | undefined> = new Set(['EMFILE', 'ENFILE']);

/** A dual-stack socket's IPv4 address as IPv4; without a zone, which is this machine's own affair. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
}

function failureOf(code: string | undefined): ConnectionEnd {
  switch (code) {
    case 'ECONNREFUSED':
      return 'refused';
    // Taken, and gone before this side had noticed.
    case 'ECONNRESET':
    case 'EPIPE':
      return 'reset';
    case 'ETIMEDOUT':
      return 'timeout';
    case undefined:
    default:
      return 'unreachable';
  }
}
