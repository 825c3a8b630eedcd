import { fault, INCOMPLETE, offsetOf } from './fault.js';
import { scanIpv4 } from './scan-ipv4.js';

const SPACE = 0x20;
const DOT = 0x2e;
const COLON = 0x3a;

/** What `scanIpv6` read last, until its next call. One for all: scanning never yields, and nothing is allocated. */
export const scanned = {
  /** The eight groups, the double colon filled up. */
  groups: new Uint16Array(8),
  /** Whether the text already is in RFC 5952 form. */
  canonical: false,
};

/** The value of each hexadecimal digit, 16 for every other byte. */
const digitValues = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(value) ? 16 : value;
});

/**
 * Reads an IPv6 address in the grammar of version 1, then a space: groups of up to four hexadecimal digits, at most
 * one double colon, 128 bits in all, no zone; a dotted tail only where `dotted` says so.
 *
 * @returns the index of the space, with the address in `scanned`; or a fault.
 */
export function scanIpv6(bytes: Uint8Array, at: number, end: number, dotted: boolean): number {
  const { groups } = scanned;
  let canonical = true;
  let count = 0;
  let gap = -1;
  let digits = 0;
  let value = 0;
  for (let index = at; index < end; index += 1) {
    const byte = bytes[index]!;
    const digit = digitValues[byte]!;
    if (digit < 16) {
      if (digits === 0 && count === 8 - (gap < 0 ? 0 : 1)) return fault('not 128 bits', index);
      if (digits === 4) return fault('a group of more than four digits', index);
      // 0x41 to 0x46: an upper case digit.
      if ((digits > 0 && value === 0) || (byte & 0xe0) === 0x40) canonical = false;
      value = (value << 4) | digit;
      digits += 1;
    } else if (byte === COLON) {
      if (digits > 0) {
        if (value === 0) canonical = false;
        groups[count] = value;
        count += 1;
        if (count === 8 - (gap < 0 ? 0 : 1)) return fault('not 128 bits', index);
        digits = 0;
        value = 0;
      } else if (index === at) {
        // A single colon in front: only a double one may stand here.
        if (index + 1 === end) return INCOMPLETE;
        if (bytes[index + 1] !== COLON) return fault('a character that cannot stand here', index + 1);
      } else {
        if (gap >= 0) return fault('a second double colon', index);
        gap = count;
      }
    } else if (byte === SPACE) {
      if (index === at) return fault('empty', index);
      if (digits > 0) {
        if (value === 0) canonical = false;
        groups[count] = value;
        count += 1;
      } else if (gap !== count) {
        return fault('a character that cannot stand here', index);
      }
      return finish(index, count, gap, canonical);
    } else if (byte === DOT && dotted && digits > 0 && (gap < 0 ? count === 6 : count < 6)) {
      const space = scanIpv4(bytes, index - digits, end);
      if (space < 0) {
        // What came before the dot was right as a group.
        const late = space === INCOMPLETE || offsetOf(space) >= index;
        return late ? space : fault('a character that cannot stand here', index);
      }
      writeDotted(bytes, index - digits, space, count);
      return finish(space, count + 2, gap, false);
    } else {
      return fault('a character that cannot stand here', index);
    }
  }
  return INCOMPLETE;
}

/** Fills the double colon up. A text that hides one group, or that is an IPv4-mapped address in hex, is not canonical. */
function finish(index: number, count: number, gap: number, canonical: boolean): number {
  const { groups } = scanned;
  if (gap < 0) {
    if (count !== 8) return fault('not 128 bits', index);
  } else {
    if (count === 7 || (gap === 0 && count === 3 && groups[0] === 0xffff)) canonical = false;
    groups.copyWithin(8 - (count - gap), gap, count);
    groups.fill(0, gap, 8 - (count - gap));
  }
  scanned.canonical = canonical;
  return index;
}

/** A dotted tail, known to be right, as the two groups from `count` on. */
function writeDotted(bytes: Uint8Array, at: number, space: number, count: number): void {
  const numbers = [0, 0, 0, 0];
  let place = 0;
  for (let index = at; index < space; index += 1) {
    const byte = bytes[index]!;
    if (byte === DOT) place += 1;
    else numbers[place] = (numbers[place] ?? 0) * 10 + (byte - 0x30);
  }
  const [a = 0, b = 0, c = 0, d = 0] = numbers;
  scanned.groups[count] = (a << 8) | b;
  scanned.groups[count + 1] = (c << 8) | d;
}
