import { fault, moreNeeded } from './fault.js';

const spaceByte = 0x20;
const dotByte = 0x2e;
const zeroByte = 0x30;

/** The four numbers that `scanIpv4` read last, until its next call. One for all: nothing is allocated. */
export const scannedIpv4 = new Uint8Array(4);

/**
 * Reads an IPv4 address in the grammar of version 1: four numbers 0 to 255 without leading zeros, then a space.
 *
 * @returns the index of the space, with the address in `scannedIpv4`; or a fault.
 */
export function scanIpv4(bytes: Uint8Array, at: number, end: number): number {
  let numbers = 0;
  let digits = 0;
  let value = 0;
  for (let index = at; index < end; index += 1) {
    const byte = bytes[index]!;
    const digit = byte - zeroByte;
    if (digit >= 0 && digit <= 9) {
      if (digits > 0 && value === 0) return fault('a leading zero', index);
      value = value * 10 + digit;
      if (value > 255) return fault('a number above 255', index);
      digits += 1;
    } else if (digits === 0) {
      return fault(byte === spaceByte ? 'empty' : 'a character that is not allowed here', index);
    } else if (byte === dotByte) {
      if (numbers === 3) return fault('not four numbers', index);
      scannedIpv4[numbers] = value;
      numbers += 1;
      digits = 0;
      value = 0;
    } else if (byte === spaceByte) {
      if (numbers !== 3) return fault('not four numbers', index);
      scannedIpv4[3] = value;
      return index;
    } else {
      return fault('a character that is not allowed here', index);
    }
  }
  return moreNeeded;
}
