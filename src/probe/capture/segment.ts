import { networkLayerAt } from './link-layer.js';
import type { Packet } from './packet.js';

/** A TCP segment, as offsets into its packet. */
export interface Segment {
  readonly bytes: Buffer;
  /** Where the source address begins; the destination's follows it. */
  readonly addressesAt: number;
  /** Bytes of one address: 4 or 16. */
  readonly addressLength: 4 | 16;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** The first part of an IP packet that was fragmented: it may have no more of TCP than the ports. */
  readonly fragment: boolean;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: number;
  /** Where the payload begins. */
  readonly dataAt: number;
  /** Payload on the wire. */
  readonly dataLength: number;
  /** Payload that was captured. */
  readonly captured: number;
}

/** TCP's flags. */
export const [FIN, SYN, RST, ACK] = [1, 2, 4, 16] as const;

/** A packet that is not a segment: `cut` would be one, if more of it had been captured. */
export type Passed = 'other' | 'cut';

const tcp = 6;

/** The segment that a packet carries. */
export function segmentOf({ bytes, length, linkType }: Packet): Segment | Passed {
  const ip = networkLayerAt(bytes, linkType);
  if (ip < 0) return 'other';
  if (ip >= bytes.length) return length > bytes.length ? 'cut' : 'other';
  const version = bytes[ip]! >> 4;
  if (version === 4) return inIpv4(bytes, ip, length);
  return version === 6 ? inIpv6(bytes, ip, length) : 'other';
}

function inIpv4(bytes: Buffer, ip: number, length: number): Segment | Passed {
  if (bytes.length < ip + 20) return bytes.length > ip + 9 && bytes[ip + 9] !== tcp ? 'other' : 'cut';
  const header = (bytes[ip]! & 15) * 4;
  if (bytes[ip + 9] !== tcp || header < 20) return 'other';
  const fragment = bytes.readUInt16BE(ip + 6);
  // Only the first fragment says whose it is.
  if ((fragment & 0x1fff) !== 0) return 'other';
  const total = bytes.readUInt16BE(ip + 2);
  // With segmentation offload the kernel shows packets above 64 KiB, which have no length of their own.
  const end = total === 0 ? length : ip + total;
  return inTcp(bytes, { ip: ip + 12, length: 4, at: ip + header, end, fragment: (fragment & 0x2000) !== 0 });
}

/** Extension headers that a TCP header may are behind: hop-by-hop, routing, destination, mobility, HIP, shim6. */
const extensions: ReadonlySet<number> = new Set([0, 43, 60, 135, 139, 140]);
const [fragmentHeader, authentication] = [44, 51];

function inIpv6(bytes: Buffer, ip: number, length: number): Segment | Passed {
  if (bytes.length < ip + 40) return 'cut';
  const payload = bytes.readUInt16BE(ip + 4);
  const end = payload === 0 ? length : ip + 40 + payload;
  let next = bytes[ip + 6]!;
  let at = ip + 40;
  let fragment = false;
  while (next !== tcp) {
    if (next !== fragmentHeader && next !== authentication && !extensions.has(next)) return 'other';
    if (bytes.length < at + 8) return 'cut';
    if (next === fragmentHeader) {
      const where = bytes.readUInt16BE(at + 2);
      if ((where & 0xfff8) !== 0) return 'other';
      fragment = (where & 1) !== 0;
    }
    const units = next === fragmentHeader ? 0 : bytes[at + 1]!;
    const size = next === authentication ? (units + 2) * 4 : (units + 1) * 8;
    next = bytes[at]!;
    at += size;
  }
  return inTcp(bytes, { ip: ip + 8, length: 16, at, end, fragment });
}

interface Place {
  /** Where the addresses are. */
  readonly ip: number;
  readonly length: 4 | 16;
  /** Where TCP begins, and where the packet ends on the wire. */
  readonly at: number;
  readonly end: number;
  readonly fragment: boolean;
}

function inTcp(bytes: Buffer, { ip, length, at, end, fragment }: Place): Segment | Passed {
  if (bytes.length < at + 20) return end < at + 20 && !fragment ? 'other' : 'cut';
  const header = (bytes[at + 12]! >> 4) * 4;
  const dataAt = at + header;
  if (header < 20 || (end < dataAt && !fragment)) return 'other';
  const dataLength = Math.max(0, end - dataAt);
  return {
    bytes,
    addressesAt: ip,
    addressLength: length,
    sourcePort: bytes.readUInt16BE(at),
    destinationPort: bytes.readUInt16BE(at + 2),
    fragment,
    sequence: bytes.readUInt32BE(at + 4),
    acknowledgement: bytes.readUInt32BE(at + 8),
    flags: bytes[at + 13]!,
    dataAt,
    dataLength,
    captured: Math.max(0, Math.min(dataLength, bytes.length - dataAt)),
  };
}
