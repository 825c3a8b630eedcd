import { Buffer } from 'node:buffer';

/** The method behind `toString('latin1', …)` of a Buffer: it takes any Uint8Array and skips the encoding's name. */
const { latin1Slice } = Buffer.prototype as unknown as {
  readonly latin1Slice: (this: Uint8Array, start: number, end: number) => string;
};

/** The bytes from `start` up to `end`, known to be ASCII, as text. */
export function sliceText(bytes: Uint8Array, start: number, end: number): string {
  return latin1Slice.call(bytes, start, end);
}
