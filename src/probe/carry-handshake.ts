import type { Socket } from 'node:net';
import { connect } from 'node:tls';
import type { ConnectionEnd } from '../core/verify-result.js';
import { httpStatus } from './answer.js';
import type { HandshakeExchange } from './exchange.js';
import { type Ends, leadBytes } from './lead-bytes.js';
import { onAbort } from './on-abort.js';
import { listenedAtMost, quietMs, receivedBytes } from './received.js';
import type { Recording } from './recording.js';
import { wait } from './wait.js';
import { wireOver } from './wire.js';

/** A handshake behind a lead; where it comes about, the request inside, behind a lead of its own. */
export function carryHandshake(
  { probe, lead, waitMs, serverName, inside }: HandshakeExchange,
  socket: Socket,
  ends: Ends,
  signal: AbortSignal,
): Promise<Recording> {
  const started = performance.now();
  const [raw, decrypted] = [receivedBytes(), receivedBytes()];
  const request = Buffer.concat([leadBytes(inside.lead, ends), inside.bytes]);
  let sent: Uint8Array = Buffer.alloc(0);
  let firstByte: number | undefined;
  let established = false;
  return new Promise((resolve) => {
    const settle = (ended: ConnectionEnd): void => {
      endWait();
      endQuiet?.();
      ignoreAbort();
      session.destroy();
      resolve({
        probe,
        sent,
        received: raw.bytes(),
        receivedTotal: raw.total(),
        ended,
        ms: firstByte ?? performance.now() - started,
        inside: { established, received: decrypted.bytes() },
      });
    };
    let endWait = wait(waitMs, () => settle('open'));
    let endQuiet: (() => void) | undefined;
    const ignoreAbort = onAbort(signal, () => settle('open'));
    const wire = wireOver(socket, {
      prefix: leadBytes(lead, ends),
      onSent: (bytes) => (sent = bytes),
      onReceived: (bytes) => {
        firstByte ??= performance.now() - started;
        raw.add(bytes);
        if (raw.total() > listenedAtMost) settle('open');
      },
    });
    const session = connect({
      socket: wire,
      // What answers is what counts here, not who: nothing secret is sent.
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT:@SECLEVEL=0',
      ...(serverName === undefined ? {} : { servername: serverName }),
    });
    session.once('secureConnect', () => {
      established = true;
      endWait();
      endWait = wait(waitMs, () => settle('open'));
      session.write(request);
    });
    session.on('data', (chunk: Buffer) => {
      decrypted.add(chunk);
      const bytes = decrypted.bytes();
      if (httpStatus(bytes) !== undefined && bytes.includes('\n')) return settle('open');
      endQuiet?.();
      endQuiet = wait(quietMs, () => settle('open'));
    });
    session.once('end', () => settle('fin'));
    // Each may complain more than once: of a reset the wire does, and then the session.
    session.on('error', () => {
      // The wire's own end says more than the session's complaint; bytes on it say all.
      if (socket.readableEnded) return settle('fin');
      return settle(raw.total() > 0 && !socket.destroyed ? 'open' : 'reset');
    });
    session.once('close', () => settle(socket.readableEnded ? 'fin' : 'reset'));
    wire.on('error', () => settle('reset'));
    socket.once('error', () => settle('reset'));
    socket.once('close', () => settle(socket.readableEnded ? 'fin' : 'reset'));
    if (socket.destroyed) settle('reset');
  });
}
