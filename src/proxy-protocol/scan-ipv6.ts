import { fault, moreNeeded, offsetOf } from './fault.js';
import { scanIpv4 } from './scan-ipv4.js';

const spaceByte = 0x20;
const dotByte = 0x2e;
const colonByte = 0x3a;

/** 1 for the bytes that are hexadecimal digits, of either case; 0 for all others. */
const digits = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[0-9a-f]/iu.test(String.fromCharCode(byte)) ? 1 : 0,
);

/**
 * Checks an IPv6 address in the grammar of version 1, and the space behind it: groups of up to four hexadecimal digits,
 * at most one double colon, 128 bits in all, no zone; a dotted tail only if `dotted` says so.
 *
 * @returns the index of the space, or a fault.
 */
export function scanIpv6(bytes: Uint8Array, at: number, end: number, dotted: boolean): number {
  let index = at;
  let count = 0;
  let gap = -1;
  // How many groups there may be: a double colon means at least one.
  let room = 8;
  if (at < end && bytes[at] === colonByte) {
    if (at + 1 === end) return moreNeeded;
    if (bytes[at + 1] !== colonByte) return fault('a character that is not allowed here', at + 1);
    gap = 0;
    room = 7;
    index = at + 2;
  }
  while (index < end) {
    const start = index;
    let byte = bytes[index]!;
    if (digits[byte] === 1) {
      if (count === room) return fault('not 128 bits', index);
      while (digits[byte] === 1) {
        if (index === start + 4) return fault('a group of more than four digits', index);
        index += 1;
        if (index === end) return moreNeeded;
        byte = bytes[index]!;
      }
      if (byte === dotByte && dotted && (gap < 0 ? count === 6 : count < 6)) {
        return scanDottedTail(bytes, start, index, end);
      }
      count += 1;
      if (byte === colonByte && count === room) return fault('not 128 bits', index);
    } else if (byte === colonByte) {
      if (gap >= 0) return fault('a second double colon', index);
      gap = count;
      room = 7;
    }
    if (byte === spaceByte) {
      if (index === at) return fault('empty', index);
      if (index === start && gap !== count) return fault('a character that is not allowed here', index);
      if (gap < 0 && count < 8) return fault('not 128 bits', index);
      return index;
    }
    if (byte !== colonByte) return fault('a character that is not allowed here', index);
    index += 1;
  }
  return moreNeeded;
}

/** An IPv4 address in the place of the last two groups, from `start` on, its first dot at `dot`. */
function scanDottedTail(bytes: Uint8Array, start: number, dot: number, end: number): number {
  const space = scanIpv4(bytes, start, end);
  if (space >= 0 || space === moreNeeded) return space;
  // The digits before the dot were right as a group.
  return offsetOf(space) < dot ? fault('a character that is not allowed here', dot) : space;
}
