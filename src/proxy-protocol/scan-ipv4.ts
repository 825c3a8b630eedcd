import { fault, INCOMPLETE } from './fault.js';

const SPACE = 0x20;
const DOT = 0x2e;
const ZERO = 0x30;

/**
 * Reads an IPv4 address in the grammar of version 1: four numbers 0 to 255 without leading zeros, then a space.
 *
 * @returns the index of the space, or a fault.
 */
export function scanIpv4(bytes: Uint8Array, at: number, end: number): number {
  let numbers = 1;
  let digits = 0;
  let value = 0;
  for (let index = at; index < end; index += 1) {
    const byte = bytes[index]!;
    const digit = byte - ZERO;
    if (digit >= 0 && digit <= 9) {
      if (digits > 0 && value === 0) return fault('a leading zero', index);
      value = value * 10 + digit;
      if (value > 255) return fault('a number above 255', index);
      digits += 1;
    } else if (digits === 0) {
      return fault(byte === SPACE ? 'empty' : 'a character that cannot stand here', index);
    } else if (byte === DOT) {
      if (numbers === 4) return fault('not four numbers', index);
      numbers += 1;
      digits = 0;
      value = 0;
    } else if (byte === SPACE) {
      return numbers === 4 ? index : fault('not four numbers', index);
    } else {
      return fault('a character that cannot stand here', index);
    }
  }
  return INCOMPLETE;
}
