import { fault, moreNeeded } from './fault.js';

const zeroByte = 0x30;

/**
 * Reads a port, 0 to 65535 without leading zeros, and the byte that must follow it: a space or a carriage return.
 *
 * @returns the index of that byte times 65536, plus the port; or a fault.
 */
export function scanPort(bytes: Uint8Array, at: number, end: number, follower: number): number {
  let value = 0;
  for (let index = at; index < end; index += 1) {
    const byte = bytes[index]!;
    const digit = byte - zeroByte;
    if (digit >= 0 && digit <= 9) {
      if (index > at && value === 0) return fault('a leading zero', index);
      value = value * 10 + digit;
      if (value > 0xffff) return fault('a port above 65535', index);
    } else if (index === at) {
      return fault(byte === follower ? 'empty' : 'a character that is not allowed here', index);
    } else if (byte === follower) {
      return (index << 16) | value;
    } else {
      return fault('a character that is not allowed here', index);
    }
  }
  return moreNeeded;
}
