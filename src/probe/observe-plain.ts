import type { Socket } from 'node:net';
import type { ConnectionEnd } from '../core/verify-result.js';
import { httpStatus } from './answer.js';
import type { Observation } from './observation.js';
import { type ObserveOptions, quietMs } from './observe-options.js';
import { payloadBytes, prefixBytes } from './payload.js';
import { type ProbeName, partsOf } from './probe.js';
import { listenedAtMost, receivedBytes } from './received.js';

/** One write, and what comes of it. */
export function observePlain(
  probe: ProbeName,
  socket: Socket,
  options: ObserveOptions,
): Promise<Observation> {
  const { settings, target, patience, signal } = options;
  const { prefix, payload } = partsOf(probe);
  const bare = payload === 'none' || payload === 'word' || payload === 'byte';
  const sent = Buffer.concat([prefixBytes(prefix, socket), payloadBytes(payload, settings, target, socket)]);
  const started = performance.now();
  const received = receivedBytes();
  let firstByte: number | undefined;
  return new Promise((resolve) => {
    const settle = (ended: ConnectionEnd): void => {
      clearTimeout(wait);
      clearTimeout(quiet);
      signal.removeEventListener('abort', abort);
      socket.removeAllListeners('data');
      resolve({
        probe,
        sent,
        received: received.bytes(),
        receivedTotal: received.total(),
        ended,
        ms: firstByte ?? performance.now() - started,
      });
    };
    const abort = (): void => settle('open');
    const wait = setTimeout(
      () => settle('open'),
      (bare ? settings.bannerWaitMs : settings.timeoutMs) * patience,
    );
    let quiet: NodeJS.Timeout | undefined;
    signal.addEventListener('abort', abort, { once: true });
    socket.on('data', (chunk: Buffer) => {
      firstByte ??= performance.now() - started;
      received.add(chunk);
      if (received.total() > listenedAtMost || enough(received.bytes(), settings.expectReply))
        return settle('open');
      clearTimeout(quiet);
      quiet = setTimeout(() => settle('open'), quietMs);
    });
    socket.once('end', () => settle('fin'));
    socket.once('error', () => settle('reset'));
    socket.once('close', () => settle('reset'));
    if (sent.length > 0) socket.write(sent);
  });
}

/** Whether nothing that may still come could change the verdict. */
function enough(bytes: Buffer, expectReply: Uint8Array | undefined): boolean {
  if (expectReply !== undefined) return bytes.includes(Buffer.from(expectReply));
  return httpStatus(bytes) !== undefined && bytes.includes('\n');
}
