import { scanIpv4, scannedIpv4 } from './scan-ipv4.js';

const dotByte = 0x2e;
const colonByte = 0x3a;

const groups = new Uint16Array(8);

/**
 * The eight groups of an IPv6 address that `scanIpv6` found right, from `at` up to the space; to be used up before the
 * next call.
 */
export function readIpv6(bytes: Uint8Array, at: number, space: number): Uint16Array {
  let count = 0;
  let gap = -1;
  let value = 0;
  let start = at;
  for (let index = at; index <= space; index += 1) {
    const byte = bytes[index]!;
    if (byte === dotByte) {
      scanIpv4(bytes, start, space + 1);
      groups[count] = (scannedIpv4[0]! << 8) | scannedIpv4[1]!;
      groups[count + 1] = (scannedIpv4[2]! << 8) | scannedIpv4[3]!;
      count += 2;
      break;
    }
    if (byte !== colonByte && index < space) {
      // The low four bits of a letter count from 1.
      value = (value << 4) | ((byte & 0x0f) + (byte > 0x39 ? 9 : 0));
      continue;
    }
    if (index > start) {
      groups[count] = value;
      count += 1;
    } else if (index > at && index < space) {
      gap = count;
    }
    value = 0;
    start = index + 1;
  }
  if (gap >= 0) {
    const resume = 8 - (count - gap);
    groups.copyWithin(resume, gap, count);
    groups.fill(0, gap, resume);
  }
  return groups;
}
