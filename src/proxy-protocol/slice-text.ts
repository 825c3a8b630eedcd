import { Buffer } from 'node:buffer';

/** What `Buffer.prototype.toString('latin1', …)` calls, which works on every Uint8Array and skips the encoding's name. */
const { latin1Slice } = Buffer.prototype as unknown as {
  readonly latin1Slice: (this: Uint8Array, start: number, end: number) => string;
};

/** The bytes from `start` up to `end`, known to be ASCII, as text. */
export function sliceText(bytes: Uint8Array, start: number, end: number): string {
  return latin1Slice.call(bytes, start, end);
}
