import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import type { DecodeOptions } from './decode-options.js';
import type { AbsentHeader, InvalidHeader, ValidHeader } from './decoded.js';
import { createDecoder } from './decoder.js';

/** How the reading of a header ended. */
export type HeaderEnd =
  /** The payload that was read with it is back in the socket. */
  | { readonly kind: 'header'; readonly header: ValidHeader }
  /** All bytes are back in the socket. */
  | { readonly kind: 'absent'; readonly answer: AbsentHeader }
  | { readonly kind: 'invalid'; readonly answer: InvalidHeader }
  /** `received` bytes of a right beginning came. */
  | { readonly kind: 'timeout' | 'closed'; readonly received: number };

/** Stops the reading; nothing is called afterwards. */
export type StopReading = () => void;

/** More than the bytes after which the first bytes are known to be, or not to be, a header. */
const signatureLength = 12;

/**
 * Takes the header off a socket that is not read yet, and calls `done` once.
 *
 * The socket is read in paused mode, with bytes that are not header pushed back: that works for every kind of server and
 * wherever the bytes are cut; reading with `data` and `pause()` loses a TLS ClientHello that shares a segment with the
 * header.
 */
export function readHeader(
  socket: Socket,
  options: DecodeOptions,
  timeoutMs: number,
  done: (end: HeaderEnd) => void,
): StopReading {
  const decoder = createDecoder(options);
  let received = 0;
  // Kept only until it is certain that they are a header's.
  let beginning: Uint8Array = Buffer.alloc(0);

  const stop = (): void => {
    clearTimeout(timer);
    socket.off('readable', onReadable);
    socket.off('end', onEnd);
    socket.off('close', onEnd);
    socket.off('error', ignoreError);
  };
  const finish = (end: HeaderEnd): void => {
    stop();
    done(end);
  };

  const onReadable = (): void => {
    for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null) {
      const before = received;
      received += chunk.length;
      const answer = decoder.push(chunk);
      if (answer.kind === 'incomplete') {
        beginning = received < signatureLength ? Buffer.concat([beginning, chunk]) : Buffer.alloc(0);
        continue;
      }
      if (answer.kind === 'invalid') {
        finish({ kind: 'invalid', answer });
        return;
      }
      const rest =
        answer.kind === 'valid'
          ? chunk.subarray(answer.consumed - before)
          : Buffer.concat([beginning, chunk]);
      // Before anything else can happen to the socket: an end that came with these bytes must stay behind them.
      if (rest.length > 0) socket.unshift(rest);
      finish(answer.kind === 'valid' ? { kind: 'header', header: answer } : { kind: 'absent', answer });
      return;
    }
  };
  const onEnd = (): void => finish({ kind: 'closed', received });
  const timer = setTimeout(() => finish({ kind: 'timeout', received }), timeoutMs);

  socket.on('readable', onReadable);
  socket.on('end', onEnd);
  socket.on('close', onEnd);
  socket.on('error', ignoreError);
  return stop;
}

/** The `close` that follows says what went wrong. */
function ignoreError(): void {}
