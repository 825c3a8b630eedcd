import type { ByteQueue } from './byte-queue.js';
import { awaitBytes, type FileEnd, longestPacket, lookedAt, type PacketReader, passOver } from './packet.js';

// The format: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html

/** The meaning of the first four bytes, read as a big-endian number. */
interface Variant {
  readonly littleEndian: boolean;
  /** Fractions of a second in a timestamp. */
  readonly perSecond: number;
  /** Bytes of a packet's header. */
  readonly recordHeader: number;
}

const [micro, nano] = [1e6, 1e9];

/** Alexey Kuznetzov's form has eight bytes more in front of each packet. */
const variants: Readonly<Record<number, Variant>> = {
  0xa1b2c3d4: { littleEndian: false, perSecond: micro, recordHeader: 16 },
  0xd4c3b2a1: { littleEndian: true, perSecond: micro, recordHeader: 16 },
  0xa1b23c4d: { littleEndian: false, perSecond: nano, recordHeader: 16 },
  0x4d3cb2a1: { littleEndian: true, perSecond: nano, recordHeader: 16 },
  0xa1b2cd34: { littleEndian: false, perSecond: micro, recordHeader: 24 },
  0x34cdb2a1: { littleEndian: true, perSecond: micro, recordHeader: 24 },
};

/** Bytes in front of the first packet. */
const fileHeader = 24;

/** Whether these first four bytes, as a big-endian number, begin a pcap file. */
export function isPcap(magic: number): boolean {
  return magic in variants;
}

/**
 * Reads a pcap file whose first four bytes were looked at and are still in the queue.
 * @param onLinkType hears the file's link type before the first packet; it may throw
 */
export function* readPcap(bytes: ByteQueue, onLinkType: (linkType: number) => void): PacketReader {
  if (!bytes.has(fileHeader) && !(yield* awaitBytes(bytes, fileHeader))) return cut(bytes);
  const header = bytes.view(fileHeader);
  const { littleEndian, perSecond, recordHeader } = variants[header.readUInt32BE(0)]!;
  const u32 = (from: Buffer, at: number): number =>
    littleEndian ? from.readUInt32LE(at) : from.readUInt32BE(at);
  // The upper bits say whether a checksum follows each frame.
  const linkType = u32(header, 20) & 0x03ffffff;
  bytes.drop(fileHeader);
  onLinkType(linkType);
  for (;;) {
    if (!bytes.has(recordHeader) && !(yield* awaitBytes(bytes, recordHeader)))
      return bytes.has(1) ? cut(bytes) : { kind: 'end' };
    const record = bytes.view(recordHeader);
    const captured = u32(record, 8);
    const length = u32(record, 12);
    if (captured > longestPacket)
      return {
        kind: 'damaged',
        at: bytes.position(),
        why: `a packet of ${captured} bytes is said to be there`,
      };
    const at = u32(record, 0) * 1000 + (u32(record, 4) * 1000) / perSecond;
    const looked = Math.min(captured, lookedAt);
    if (!bytes.has(recordHeader + looked) && !(yield* awaitBytes(bytes, recordHeader + looked)))
      return cut(bytes);
    yield { bytes: bytes.view(recordHeader + looked).subarray(recordHeader), length, at, linkType };
    const whole = recordHeader + captured;
    const dropped = bytes.drop(whole);
    if (dropped < whole && !(yield* passOver(bytes, whole - dropped))) return cut(bytes);
  }
}

function cut(bytes: ByteQueue): FileEnd {
  return { kind: 'cut', at: bytes.position() };
}
