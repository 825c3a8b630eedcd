import { formatIpv4, formatIpv6 } from '../../proxy-protocol/format-address.js';
import type { ConnectionEnds } from '../listen/judge-connection.js';
import type { Segment } from './segment.js';

const scratch = Buffer.alloc(36);

/** The two ends of a segment's connection as one short string: the client's address, the server's, their ports. */
export function connectionKey(segment: Segment, fromClient: boolean): string {
  const { bytes, addressesAt: from, addressLength: length } = segment;
  bytes.copy(scratch, fromClient ? 0 : length, from, from + length);
  bytes.copy(scratch, fromClient ? length : 0, from + length, from + 2 * length);
  scratch.writeUInt16BE(fromClient ? segment.sourcePort : segment.destinationPort, 2 * length);
  scratch.writeUInt16BE(fromClient ? segment.destinationPort : segment.sourcePort, 2 * length + 2);
  return scratch.toString('latin1', 0, 2 * length + 4);
}

/** The ends that a key was made of; the server's own is `local`. */
export function endsOfKey(key: string): ConnectionEnds {
  const bytes = scratch;
  const length = (bytes.write(key, 'latin1') - 4) / 2;
  return {
    remote: { address: addressAt(bytes, 0, length), port: bytes.readUInt16BE(2 * length) },
    local: { address: addressAt(bytes, length, length), port: bytes.readUInt16BE(2 * length + 2) },
  };
}

function addressAt(bytes: Buffer, at: number, length: number): string {
  if (length === 4) return formatIpv4(bytes, at);
  const groups = Uint16Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(at + 2 * index));
  return formatIpv6(groups).replace(/^::ffff:(?=\d+\.)/, '');
}
