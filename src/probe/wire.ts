import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** The first bytes to send under a TLS session, and callbacks for the bytes on its socket. */
interface WireOptions {
  /** Goes out in one write with the first bytes of the session. */
  readonly prefix: Uint8Array;
  readonly onSent: (bytes: Uint8Array) => void;
  readonly onReceived: (bytes: Uint8Array) => void;
}

/**
 * A socket as a stream whose bytes are seen both ways, with a prefix in front of the first write. Node.js can speak TLS
 * over a stream, and only so is the wire's own answer there to be judged: an alert, or HTTP in the clear.
 */
export function wireOver(socket: Socket, { prefix, onSent, onReceived }: WireOptions): Duplex {
  let first = true;
  const send = (bytes: Buffer, done: (error?: Error | null) => void): void => {
    const out = first ? Buffer.concat([prefix, bytes]) : bytes;
    if (first) onSent(out);
    first = false;
    socket.write(out, done);
  };
  const wire = new Duplex({
    read: () => void socket.resume(),
    write: (chunk: Buffer, _encoding, done) => send(chunk, done),
    writev: (chunks, done) => send(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)), done),
    final: (done) => void socket.end(done),
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk: Buffer) => {
    onReceived(chunk);
    if (!wire.push(chunk)) socket.pause();
  });
  socket.once('end', () => wire.push(null));
  return wire;
}
