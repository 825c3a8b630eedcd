import { Buffer } from 'node:buffer';
import { formatIpv6 } from './format-address.js';
import { readIpv6 } from './read-ipv6.js';
import { scanIpv4 } from './scan-ipv4.js';
import { scanIpv6 } from './scan-ipv6.js';

/** An address as the encoders need it. `groups` is the address as IPv6, IPv4-mapped where it is IPv4. */
export interface ParsedAddress {
  /** The four numbers with dots, where the address is IPv4 or IPv4-mapped. */
  readonly ipv4: string | undefined;
  /** In the grammar of version 1, so without a dotted tail. */
  readonly ipv6: string;
  readonly groups: Uint16Array;
}

/** No address is longer; a zone id may be. */
const longestText = 45;

/**
 * Reads an address as sockets report it: IPv4, IPv6, `::ffff:192.0.2.1`, and `fe80::1%eth0`, whose zone id is cut, for
 * it means nothing on another machine.
 *
 * @returns undefined when the text is not an address.
 */
export function parseAddress(text: string): ParsedAddress | undefined {
  const zone = text.indexOf('%');
  const address = zone < 0 ? text : text.slice(0, zone);
  if (address.length > longestText) return undefined;
  // UTF-8, so that no other character looks like an ASCII one; the scanners stop at the space.
  const bytes = Buffer.from(`${address} `, 'utf8');
  const space = bytes.length - 1;
  if (scanIpv6(bytes, 0, bytes.length, true) === space) return fromGroups(readIpv6(bytes, 0, space).slice());
  if (zone >= 0 || scanIpv4(bytes, 0, bytes.length) !== space) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return fromGroups(Uint16Array.of(0, 0, 0, 0, 0, 0xffff, (a << 8) | b, (c << 8) | d));
}

function fromGroups(groups: Uint16Array): ParsedAddress {
  const mapped = groups[5] === 0xffff && groups.subarray(0, 5).every((group) => group === 0);
  if (!mapped) return { ipv4: undefined, ipv6: formatIpv6(groups), groups };
  const [high = 0, low = 0] = groups.subarray(6);
  return {
    ipv4: `${high >> 8}.${high & 0xff}.${low >> 8}.${low & 0xff}`,
    ipv6: `::ffff:${high.toString(16)}:${low.toString(16)}`,
    groups,
  };
}
