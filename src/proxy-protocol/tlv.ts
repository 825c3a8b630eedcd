import type { Tlv } from './decoded.js';
import { fault, INCOMPLETE } from './fault.js';
import { LazyTlv } from './lazy-tlv.js';

/** The registered types that this decoder looks into. */
export const TLV = { crc32c: 0x03, uniqueId: 0x05, ssl: 0x20 } as const;

/** How far a header's TLVs have been checked, so that a header in many pieces is walked once and not once a piece. */
export interface TlvWalk {
  /** The first TLV that has not been checked. */
  at: number;
  /** The end of what holds it: of the header, or of the TLS information that it is part of. */
  end: number;
  /** Where the value of the checksum stands, 0 for none. */
  checksumAt: number;
}

/**
 * Checks each TLV that has arrived, TLS information with the TLVs inside it included, as soon as its three first bytes
 * are there.
 *
 * @returns the end of the header when all TLVs fit, else INCOMPLETE or a fault.
 */
export function checkTlvs(bytes: Uint8Array, have: number, headerEnd: number, walk: TlvWalk): number {
  while (walk.at < headerEnd) {
    if (walk.at === walk.end) walk.end = headerEnd;
    const { at, end } = walk;
    if (at >= have) return INCOMPLETE;
    if (end - at < 3) return fault('a type and a length do not fit into what is left of the header', at);
    const type = bytes[at]!;
    const inside = end !== headerEnd;
    if (type === TLV.crc32c && !inside && walk.checksumAt > 0) return fault('a second checksum', at);

    if (at + 1 >= have) return INCOMPLETE;
    const room = end - at - 3;
    const high = bytes[at + 1]! << 8;
    const length = at + 2 < have ? high | bytes[at + 2]! : -1;
    if (length < 0 || lengthFault(type, length, length, room, inside, at + 2) < 0) {
      // The high byte alone may already be too much.
      const wrong = lengthFault(type, high, high | 0xff, room, inside, at + 1);
      if (wrong < 0) return wrong;
      return length < 0 ? INCOMPLETE : lengthFault(type, length, length, room, inside, at + 2);
    }

    walk.at = at + 3 + length;
    if (inside) continue;
    if (type === TLV.crc32c) walk.checksumAt = at + 3;
    if (type === TLV.ssl) {
      walk.end = walk.at;
      walk.at = at + 8;
    }
  }
  return have < headerEnd ? INCOMPLETE : headerEnd;
}

function lengthFault(
  type: number,
  least: number,
  most: number,
  room: number,
  inside: boolean,
  at: number,
): number {
  if (least > room) return fault('a value that runs past the end of what contains it', at);
  if (inside) return 0;
  if (type === TLV.crc32c && (least > 4 || most < 4)) return fault('a checksum that is not four bytes', at);
  if (type === TLV.uniqueId && least > 128) return fault('a unique id of more than 128 bytes', at);
  if (type === TLV.ssl && most < 5) return fault('TLS information of less than five bytes', at);
  return 0;
}

/** The TLVs between `from` and `end`, which have been checked. The values are views. */
export function sliceTlvs(bytes: Uint8Array, from: number, end: number): Tlv[] {
  const tlvs: Tlv[] = [];
  let at = from;
  while (at < end) {
    const length = (bytes[at + 1]! << 8) | bytes[at + 2]!;
    tlvs.push(new LazyTlv(bytes, at));
    at += 3 + length;
  }
  return tlvs;
}
