import { isIP, type Socket } from 'node:net';
import { connect } from 'node:tls';
import type { ConnectionEnd } from '../core/verify-result.js';
import { httpStatus } from './answer.js';
import type { Observation } from './observation.js';
import { type ObserveOptions, quietMs } from './observe-options.js';
import { payloadBytes, prefixBytes } from './payload.js';
import { type ProbeName, partsOf } from './probe.js';
import { listenedAtMost, receivedBytes } from './received.js';
import { wireOver } from './wire.js';

/** A handshake behind a prefix; where it comes about, the request inside, behind a prefix of its own. */
export function observeTls(probe: ProbeName, socket: Socket, options: ObserveOptions): Promise<Observation> {
  const { settings, patience, signal, target } = options;
  const { prefix, inside } = partsOf(probe);
  const started = performance.now();
  const [raw, decrypted] = [receivedBytes(), receivedBytes()];
  const request = Buffer.concat([
    prefixBytes(inside, socket),
    payloadBytes(settings.send === undefined ? 'http' : 'send', settings, target, socket),
  ]);
  let sent: Uint8Array = Buffer.alloc(0);
  let firstByte: number | undefined;
  let established = false;
  return new Promise((resolve) => {
    const waitMs = settings.timeoutMs * patience;
    const settle = (ended: ConnectionEnd): void => {
      clearTimeout(wait);
      clearTimeout(quiet);
      signal.removeEventListener('abort', abort);
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
    const abort = (): void => settle('open');
    let wait = setTimeout(() => settle('open'), waitMs);
    let quiet: NodeJS.Timeout | undefined;
    signal.addEventListener('abort', abort, { once: true });
    const wire = wireOver(socket, {
      prefix: prefixBytes(prefix, socket),
      onSent: (bytes) => (sent = bytes),
      onReceived: (bytes) => {
        firstByte ??= performance.now() - started;
        raw.add(bytes);
        if (raw.total() > listenedAtMost) settle('open');
      },
    });
    const name = settings.tlsServerName ?? options.name;
    const session = connect({
      socket: wire,
      // What answers is what counts here, not who: nothing secret is sent.
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT:@SECLEVEL=0',
      ...(name === undefined || isIP(name) !== 0 ? {} : { servername: name }),
    });
    session.once('secureConnect', () => {
      established = true;
      clearTimeout(wait);
      wait = setTimeout(() => settle('open'), waitMs);
      session.write(request);
    });
    session.on('data', (chunk: Buffer) => {
      decrypted.add(chunk);
      const bytes = decrypted.bytes();
      if (httpStatus(bytes) !== undefined && bytes.includes('\n')) return settle('open');
      clearTimeout(quiet);
      quiet = setTimeout(() => settle('open'), quietMs);
    });
    session.once('end', () => settle('fin'));
    session.once('error', () => {
      // The wire's own end says more than the session's complaint; bytes on it say all.
      if (raw.total() > 0) return settle(socket.readableEnded ? 'fin' : 'open');
      return settle(socket.readableEnded ? 'fin' : 'reset');
    });
    session.once('close', () => settle(socket.readableEnded ? 'fin' : 'reset'));
    socket.once('error', () => settle('reset'));
    wire.on('error', () => undefined);
  });
}
