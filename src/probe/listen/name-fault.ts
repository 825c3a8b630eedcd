import { isIPv4, isIPv6 } from 'node:net';

/** A header's fault, and its place. */
export interface Fault {
  readonly field: string;
  readonly reason: string;
  readonly offset: number;
}

/**
 * The decoder stops at the first wrong byte; with more of the line, the fault itself can be named: an address of the other
 * family, a mapped address, a line that ends without a carriage return.
 */
export function nameFault(bytes: Buffer, fault: Fault): Fault {
  // The longest line that the specification knows; beyond it nothing is the line's.
  const text = bytes.subarray(0, 107).toString('latin1');
  if (!text.startsWith('PROXY ')) return fault;
  const { field, offset } = fault;
  if (field === 'source-address' || field === 'destination-address') {
    const reason = familyFault(text, field);
    return reason === undefined ? fault : { ...fault, reason };
  }
  const lineFeed = text.indexOf('\n');
  if (lineFeed < 0 || text[lineFeed - 1] === '\r') return fault;
  if (offset !== lineFeed && field !== 'line' && field !== 'end') return fault;
  return {
    field: 'line-end',
    reason: 'a line feed alone: a line must end with a carriage return and a line feed',
    offset: lineFeed,
  };
}

function familyFault(text: string, field: 'source-address' | 'destination-address'): string | undefined {
  const [, family, source, destination] = text.split(/[ \r\n]/);
  const address = (field === 'source-address' ? source : destination) ?? '';
  const mapped = isIPv6(address) && /^(?:::|(?:0{1,4}:){5})ffff:/i.test(address);
  if (family === 'TCP4' && mapped) return 'an IPv4-mapped IPv6 address, but TCP4 takes a plain IPv4 address';
  if (family === 'TCP4' && isIPv6(address)) return 'an IPv6 address in a TCP4 line';
  if (family === 'TCP6' && isIPv4(address)) return 'an IPv4 address in a TCP6 line';
  if (family === 'TCP6' && mapped)
    return "an IPv4-mapped IPv6 address with a dotted end, which a TCP6 line can't carry: write a plain IPv4 address in a TCP4 line";
  return undefined;
}
