import type { ByteQueue } from './byte-queue.js';
import {
  awaitBytes,
  type FileEnd,
  longestPacket,
  lookedAt,
  type Packet,
  type PacketReader,
  passOver,
} from './packet.js';

// The format: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html

/** Block types. */
const [section, description, obsoletePacket, simplePacket, enhancedPacket] = [
  0x0a0d0d0a, 1, 2, 3, 6,
] as const;
const byteOrderMagic = 0x1a2b3c4d;

interface Interface {
  readonly linkType: number;
  /** No more bytes of a packet were captured; 0: no limit. */
  readonly snapLength: number;
  readonly unitsPerSecond: number;
  /** Seconds to be added to each timestamp. */
  readonly offset: number;
}

/** The bytes in front of a packet's own, in each block that has one. */
const packetAt = { [obsoletePacket]: 28, [simplePacket]: 12, [enhancedPacket]: 28 } as const;

/** Whether these first four bytes, as a big-endian number, begin a pcapng file. */
export function isPcapng(magic: number): boolean {
  return magic === section;
}

/**
 * Reads a pcapng file: sections of either byte order, and of the blocks those with packets.
 * @param onInterface hears of each interface before its first packet; it may throw
 */
export function* readPcapng(bytes: ByteQueue, onInterface: (one: Interface) => void): PacketReader {
  let littleEndian = true;
  let interfaces: Interface[] = [];
  let lastAt = 0;
  const u16 = (from: Buffer, at: number): number =>
    littleEndian ? from.readUInt16LE(at) : from.readUInt16BE(at);
  const u32 = (from: Buffer, at: number): number =>
    littleEndian ? from.readUInt32LE(at) : from.readUInt32BE(at);
  const damaged = (why: string): FileEnd => ({ kind: 'damaged', at: bytes.position(), why });
  const cut = (): FileEnd => ({ kind: 'cut', at: bytes.position() });

  for (;;) {
    if (!bytes.has(12) && !(yield* awaitBytes(bytes, 12))) return bytes.has(1) ? cut() : { kind: 'end' };
    const start = bytes.view(12);
    const type = u32(start, 0);
    if (type === section) {
      if (start.readUInt32LE(8) === byteOrderMagic) littleEndian = true;
      else if (start.readUInt32BE(8) === byteOrderMagic) littleEndian = false;
      else return damaged('a section has no byte order');
      interfaces = [];
    }
    const total = u32(start, 4);
    if (total < 12 || total % 4 !== 0) return damaged(`a block of ${total} bytes is said to be there`);
    const kept = yield* keptOf(type, total);
    if (kept === undefined) return cut();
    if (typeof kept === 'string') return damaged(kept);
    const packet = kept.length === 0 ? undefined : read(type, kept, total);
    if (typeof packet === 'string') return damaged(packet);
    if (packet !== undefined) yield packet;
    const dropped = bytes.drop(total - 4);
    if (dropped < total - 4 && !(yield* passOver(bytes, total - 4 - dropped))) return cut();
    if (!bytes.has(4) && !(yield* awaitBytes(bytes, 4))) return cut();
    if (u32(bytes.view(4), 0) !== total) return damaged('a block does not end with its own length');
    bytes.drop(4);
  }

  /** The part of a block that is read, without the length at its end; nothing if it is not needed. */
  function* keptOf(type: number, total: number): Generator<undefined, Buffer | string | undefined, void> {
    if (type !== description && !(type in packetAt)) return Buffer.alloc(0);
    if (total > longestPacket + 65_536) return `a block of ${total} bytes is said to be there`;
    const length = Math.min(total - 4, lookedAt + 28);
    if (!bytes.has(length) && !(yield* awaitBytes(bytes, length))) return undefined;
    return bytes.view(length);
  }

  /** The packet of a block; or what can't be true in it. */
  function read(type: number, block: Buffer, total: number): Packet | string | undefined {
    if (type === description) {
      if (block.length < 16) return 'an interface has no description';
      const one = describe(block);
      interfaces.push(one);
      onInterface(one);
      return undefined;
    }
    const at = packetAt[type as keyof typeof packetAt];
    if (block.length < at) return 'a packet has no header';
    const id = type === enhancedPacket ? u32(block, 8) : type === obsoletePacket ? u16(block, 8) : 0;
    const from = interfaces[id];
    if (from === undefined) return `a packet is said to come from interface ${id}, which is not described`;
    const length = u32(block, type === simplePacket ? 8 : 24);
    const limit = from.snapLength === 0 ? longestPacket : from.snapLength;
    const captured = type === simplePacket ? Math.min(length, limit, total - 16) : u32(block, 20);
    if (captured > total - 4 - at) return `a packet is longer than its block`;
    if (type !== simplePacket) {
      const units = u32(block, 12) * 2 ** 32 + u32(block, 16);
      const ms = (units / from.unitsPerSecond + from.offset) * 1000;
      // A number beyond every calendar is not a time.
      if (Math.abs(ms) <= 8.64e15) lastAt = ms;
    }
    return {
      bytes: block.subarray(at, Math.min(at + captured, block.length)),
      length,
      at: lastAt,
      linkType: from.linkType,
    };
  }

  function describe(block: Buffer): Interface {
    const options = optionsOf(block);
    const resolution = options.get(9)?.[0];
    const offset = options.get(14);
    return {
      linkType: u16(block, 8),
      snapLength: u32(block, 12),
      unitsPerSecond:
        resolution === undefined
          ? 1e6
          : (resolution & 0x80) === 0
            ? 10 ** resolution
            : 2 ** (resolution & 0x7f),
      offset:
        offset === undefined || offset.length < 8
          ? 0
          : Number(littleEndian ? offset.readBigInt64LE(0) : offset.readBigInt64BE(0)),
    };
  }

  function optionsOf(block: Buffer): ReadonlyMap<number, Buffer> {
    const options = new Map<number, Buffer>();
    for (let at = 16; at + 4 <= block.length; ) {
      const [code, length] = [u16(block, at), u16(block, at + 2)];
      if (code === 0) break;
      options.set(code, block.subarray(at + 4, at + 4 + length));
      at += 4 + length + ((4 - (length % 4)) % 4);
    }
    return options;
  }
}
