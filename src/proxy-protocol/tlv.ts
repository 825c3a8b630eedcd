import type { Tlv } from './decoded.js';
import { type FaultReason, fault, moreNeeded } from './fault.js';

/** The registered types that this decoder looks into. */
export const tlvTypes = { crc32c: 0x03, uniqueId: 0x05, ssl: 0x20 } as const;

/** How far a header's TLVs have been checked, so that a header in many pieces is walked once and not once a piece. */
export interface TlvWalk {
  /** The first TLV that has not been checked. */
  at: number;
  /** The end of the TLS information that was met last; TLVs before it are part of it. */
  tlsEnd: number;
  /** Where the value of the checksum is, 0 for none. */
  checksumAt: number;
}

/**
 * Checks each TLV that has arrived, TLS information with the TLVs inside it included, as soon as its three first bytes
 * are there.
 *
 * @returns the end of the header when all TLVs fit, else moreNeeded or a fault.
 */
export function checkTlvs(bytes: Uint8Array, have: number, headerEnd: number, walk: TlvWalk): number {
  while (walk.at < headerEnd) {
    const { at } = walk;
    const inside = at < walk.tlsEnd;
    const end = inside ? walk.tlsEnd : headerEnd;
    if (at >= have) return moreNeeded;
    if (end - at < 3) return fault('a type and a length do not fit into what is left of the header', at);
    const type = bytes[at]!;
    if (type === tlvTypes.crc32c && !inside && walk.checksumAt > 0) return fault('a second checksum', at);

    const room = end - at - 3;
    const length = (bytes[at + 1]! << 8) | bytes[at + 2]!;
    if (at + 2 >= have || misfit(type, length, length, room, inside) !== undefined) {
      return earliestMisfit(bytes, at, have, room, inside);
    }

    walk.at = at + 3 + length;
    if (inside) continue;
    if (type === tlvTypes.crc32c) walk.checksumAt = at + 3;
    if (type === tlvTypes.ssl) {
      walk.tlsEnd = walk.at;
      walk.at = at + 8;
    }
  }
  return have < headerEnd ? moreNeeded : headerEnd;
}

/** The fault at the first of a TLV's three first bytes that leaves no length for it; moreNeeded without one. */
function earliestMisfit(bytes: Uint8Array, at: number, have: number, room: number, inside: boolean): number {
  let least = 0;
  let most = 0xffff;
  for (let index = at; index < at + 3 && index < have; index += 1) {
    if (index === at + 1) {
      least = bytes[index]! << 8;
      most = least | 0xff;
    } else if (index === at + 2) {
      least |= bytes[index]!;
      most = least;
    }
    const reason = misfit(bytes[at]!, least, most, room, inside);
    if (reason !== undefined) return fault(reason, index);
  }
  return moreNeeded;
}

/** Why no length from `least` to `most` is right for a TLV of this type, if so; `room` is what is left for its value. */
export function misfit(
  type: number,
  least: number,
  most: number,
  room: number,
  inside: boolean,
): FaultReason | undefined {
  if (least > room) return 'a value that runs past the end of what contains it';
  if (inside) return undefined;
  if (type === tlvTypes.crc32c && (least > 4 || most < 4 || room < 4))
    return 'a checksum that is not four bytes';
  if (type === tlvTypes.uniqueId && least > 128) return 'a unique id of more than 128 bytes';
  if (type === tlvTypes.ssl && (most < 5 || room < 5)) return 'TLS information of less than five bytes';
  return undefined;
}

/** The TLVs between `from` and `end`, which have been checked. The values are views, which take half as long as copies. */
export function sliceTlvs(bytes: Uint8Array, from: number, end: number): Tlv[] {
  const { buffer, byteOffset } = bytes;
  const tlvs: Tlv[] = [];
  let at = from;
  while (at < end) {
    const length = (bytes[at + 1]! << 8) | bytes[at + 2]!;
    tlvs.push({ type: bytes[at]!, value: new Uint8Array(buffer, byteOffset + at + 3, length) });
    at += 3 + length;
  }
  return tlvs;
}
