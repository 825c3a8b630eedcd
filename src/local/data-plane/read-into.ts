import { Buffer } from 'node:buffer';
import type { OnReadOpts, Socket } from 'node:net';

/** The size of a connection's buffer at first, and at most: it grows when a read fills it. Node itself reads 64 KiB. */
const firstBytes = 16 * 1024;
const mostBytes = 256 * 1024;

/**
 * Reads into a buffer of the connection's own and writes it to another socket. The buffer is used again when the write
 * was done at once, as most are on one machine; else the pending write keeps it, and the next read gets a new one.
 */
export function readInto(other: Socket): OnReadOpts {
  let buffer = Buffer.allocUnsafeSlow(firstBytes);
  return {
    buffer: () => buffer,
    callback: (bytesRead) => {
      const goOn = other.write(buffer.subarray(0, bytesRead));
      const filled = bytesRead === buffer.length && bytesRead < mostBytes;
      if (filled || other.writableLength > 0) {
        buffer = Buffer.allocUnsafeSlow(filled ? buffer.length * 4 : buffer.length);
      }
      return goOn;
    },
  };
}
