import type { Socket } from 'node:net';
import type { ConnectionEnd } from '../core/verify-result.js';
import { httpStatus } from './answer.js';
import type { BytesExchange } from './exchange.js';
import { type Ends, leadBytes } from './lead-bytes.js';
import { onAbort } from './on-abort.js';
import { listenedAtMost, quietMs, receivedBytes } from './received.js';
import type { Recording } from './recording.js';
import { wait } from './wait.js';

/** One write, or two around a greeting, and what comes of it. */
export function carryBytes(
  { probe, lead, bytes, waitMs, greeting, until }: BytesExchange,
  socket: Socket,
  ends: Ends,
  signal: AbortSignal,
): Promise<Recording> {
  const front = leadBytes(lead, ends);
  const started = performance.now();
  const received = receivedBytes();
  let sent: Buffer = Buffer.alloc(0);
  let firstByte: number | undefined;
  let greeted: number | undefined;
  return new Promise((resolve) => {
    const settle = (ended: ConnectionEnd): void => {
      endWait();
      endQuiet?.();
      ignoreAbort();
      socket.removeAllListeners('data');
      resolve({
        probe,
        sent,
        received: received.bytes(),
        receivedTotal: received.total(),
        ...(greeted === undefined ? {} : { greeting: Math.min(greeted, received.bytes().length) }),
        ended,
        ms: firstByte ?? performance.now() - started,
      });
    };
    const send = (what: Buffer): void => {
      if (what.length === 0) return;
      sent = Buffer.concat([sent, what]);
      socket.write(what);
    };
    const goOn = (): void => {
      greeted = received.total();
      endWait();
      endWait = wait(waitMs, () => settle('open'));
      send(greeting?.behind === 'open' ? Buffer.concat([front, bytes]) : Buffer.from(bytes));
    };
    const waiting = (): boolean => greeting !== undefined && greeted === undefined;
    const enough = (): void => (waiting() ? goOn() : settle('open'));
    let endWait = wait(greeting?.waitMs ?? waitMs, enough);
    let endQuiet: (() => void) | undefined;
    const ignoreAbort = onAbort(signal, () => settle('open'));
    socket.on('data', (chunk: Buffer) => {
      firstByte ??= performance.now() - started;
      received.add(chunk);
      if (received.total() > listenedAtMost || (!waiting() && isWhole(received.bytes(), until)))
        return settle('open');
      endQuiet?.();
      endQuiet = wait(quietMs, enough);
    });
    socket.once('end', () => settle('fin'));
    socket.once('error', () => settle('reset'));
    socket.once('close', () => settle('reset'));
    if (socket.destroyed) settle('reset');
    else if (greeting?.behind === 'lead') send(front);
    else if (greeting === undefined) send(Buffer.concat([front, bytes]));
  });
}

/** Whether nothing that may still come could change the verdict. */
function isWhole(bytes: Buffer, until: Uint8Array | undefined): boolean {
  if (until !== undefined) return bytes.includes(Buffer.from(until));
  return httpStatus(bytes) !== undefined && bytes.includes('\n');
}
