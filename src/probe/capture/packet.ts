import type { ByteQueue } from './byte-queue.js';

/** One packet of a capture. */
export interface Packet {
  /** The captured part of it; a view that holds until the next packet is read. */
  readonly bytes: Buffer;
  /** Its length on the wire. */
  readonly length: number;
  /** When it was captured, in milliseconds since 1970. */
  readonly at: number;
  /** The LINKTYPE_ value of where it was captured. */
  readonly linkType: number;
}

/** How a file came to its end. */
export type FileEnd =
  | { readonly kind: 'end' }
  /** It ends inside a packet or a block. */
  | { readonly kind: 'cut'; readonly at: number }
  /** The value at this byte can't be true, so nothing after it can be found. */
  | { readonly kind: 'damaged'; readonly at: number; readonly why: string };

/** Reads packets; gives undefined if it needs more bytes before it can go on. */
export type PacketReader = Generator<Packet | undefined, FileEnd, void>;

/** Nothing that is captured is longer (libpcap: 256 KiB, and 128 MiB for USB alone, which has no TCP). */
export const longestPacket = 16 * 1024 * 1024;

/** No more than this is looked at: headers, and as many first bytes as are kept. */
export const lookedAt = 256 * 1024;

/** Waits until so many bytes are there; false where the file ends before. */
export function* awaitBytes(bytes: ByteQueue, length: number): Generator<undefined, boolean, void> {
  while (!bytes.has(length)) {
    if (bytes.ended()) return false;
    yield undefined;
  }
  return true;
}

/** Passes over bytes without keeping them; false where the file ends before. */
export function* passOver(bytes: ByteQueue, length: number): Generator<undefined, boolean, void> {
  let left = length - bytes.drop(length);
  while (left > 0) {
    if (bytes.ended()) return false;
    yield undefined;
    left -= bytes.drop(left);
  }
  return true;
}
