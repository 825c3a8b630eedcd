import { Buffer } from 'node:buffer';
import { crc32c } from './crc32c.js';
import type { Endpoint, Family, Tlv, UnixEndpoint } from './decoded.js';
import { encodablePair, notIpv4, show } from './encodable.js';
import type { ParsedAddress } from './parse-address.js';
import { misfit, tlvTypes } from './tlv.js';
import { unixAddressLength, v2Signature } from './v2.js';

/** The content of a version 2 header. */
export interface V2Header {
  /** Default PROXY. LOCAL, for connections of the proxy's own such as health checks, carries no addresses. */
  readonly command?: 'PROXY' | 'LOCAL';
  /**
   * Default: UNIX_STREAM for paths; TCP4 when both addresses are IPv4 or IPv4-mapped, else TCP6; UNSPEC for LOCAL.
   */
  readonly family?: Exclude<Family, 'UNKNOWN'>;
  readonly source?: Endpoint;
  readonly destination?: Endpoint;
  /** Written behind the addresses in this order. A checksum among them keeps its place and gets the right value. */
  readonly tlvs?: readonly Tlv[];
  /** Whether a checksum is to be added, behind all other TLVs. Default false. */
  readonly crc32c?: boolean;
}

const familyBytes = {
  UNSPEC: 0x00,
  TCP4: 0x11,
  UDP4: 0x12,
  TCP6: 0x21,
  UDP6: 0x22,
  UNIX_STREAM: 0x31,
  UNIX_DGRAM: 0x32,
} as const;

/**
 * A version 2 header. Send it in one write, before or together with the first payload. Addresses are taken as sockets
 * report them, as `encodeV1` does.
 *
 * @throws TypeError when a value cannot be encoded, or the header were longer than its length field can say.
 */
export function encodeV2(header: V2Header): Buffer {
  const { command = 'PROXY', source, destination } = header;
  if (command !== 'PROXY' && command !== 'LOCAL') {
    throw new TypeError(`command must be PROXY or LOCAL, not ${show(command)}`);
  }
  const local = command === 'LOCAL';
  const family = local ? 'UNSPEC' : (header.family ?? defaultFamily(source, destination));
  if (!Object.hasOwn(familyBytes, family))
    throw new TypeError(`family is not one of version 2: ${show(family)}`);
  const tlvs = encodeTlvs(header.tlvs ?? [], header.crc32c ?? false);
  const block = Buffer.concat([...encodeAddresses(family, source, destination), ...tlvs.parts]);
  if (block.length > 0xffff) {
    throw new TypeError(
      `the addresses and tlvs come to ${block.length} bytes, more than the 65535 of a header`,
    );
  }
  const prefix = Buffer.from([...v2Signature, local ? 0x20 : 0x21, familyBytes[family], 0, 0]);
  prefix.writeUInt16BE(block.length, 14);
  const bytes = Buffer.concat([prefix, block]);
  if (tlvs.checksumFromEnd > 0) {
    const at = bytes.length - tlvs.checksumFromEnd;
    bytes.writeInt32BE(crc32c(bytes, bytes.length, at), at);
  }
  return bytes;
}

function defaultFamily(
  source: Endpoint | undefined,
  destination: Endpoint | undefined,
): keyof typeof familyBytes {
  if (source !== undefined && 'path' in source) return 'UNIX_STREAM';
  return encodablePair(source, destination).ipv4 ? 'TCP4' : 'TCP6';
}

function encodeAddresses(
  family: keyof typeof familyBytes,
  source: Endpoint | undefined,
  destination: Endpoint | undefined,
): Buffer[] {
  if (family === 'UNSPEC') return [];
  if (family === 'UNIX_STREAM' || family === 'UNIX_DGRAM') {
    return [encodePath('source', source), encodePath('destination', destination)];
  }
  const pair = encodablePair(source, destination);
  const four = family === 'TCP4' || family === 'UDP4';
  if (four && !pair.ipv4) throw notIpv4(pair, family);
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(pair.sourcePort, 0);
  ports.writeUInt16BE(pair.destinationPort, 2);
  return [encodeAddress(pair.source, four), encodeAddress(pair.destination, four), ports];
}

function encodeAddress({ groups }: ParsedAddress, four: boolean): Buffer {
  const bytes = Buffer.alloc(16);
  for (const [index, group] of groups.entries()) bytes.writeUInt16BE(group, 2 * index);
  return four ? bytes.subarray(12) : bytes;
}

function encodePath(field: string, endpoint: Endpoint | undefined): Buffer {
  const { path } = (endpoint ?? {}) as Partial<UnixEndpoint>;
  if (typeof path !== 'string') throw new TypeError(`${field}.path must be a string, not ${show(path)}`);
  const text = Buffer.from(path, 'utf8');
  if (text.length > unixAddressLength)
    throw new TypeError(`${field}.path is longer than ${unixAddressLength} bytes`);
  if (text.indexOf(0, 1) >= 0) throw new TypeError(`${field}.path holds a NUL behind its first character`);
  return Buffer.concat([text, Buffer.alloc(unixAddressLength - text.length)]);
}

function encodeTlvs(
  tlvs: readonly Tlv[],
  addChecksum: boolean,
): { parts: Buffer[]; checksumFromEnd: number } {
  const parts: Buffer[] = [];
  let checksum = -1;
  const all = tlvs.map(({ type, value }, index) => {
    if (!Number.isInteger(type) || type < 0 || type > 0xff) {
      throw new TypeError(`tlvs[${index}].type must be a whole number from 0 to 255, not ${show(type)}`);
    }
    if (!(value instanceof Uint8Array)) throw new TypeError(`tlvs[${index}].value must be a Uint8Array`);
    if (type !== tlvTypes.crc32c) return { type, value };
    if (checksum >= 0) throw new TypeError(`tlvs[${index}] is a second checksum`);
    checksum = index;
    return { type, value: new Uint8Array(4) };
  });
  if (addChecksum && checksum < 0)
    checksum = all.push({ type: tlvTypes.crc32c, value: new Uint8Array(4) }) - 1;
  let behind = 0;
  for (const [index, { type, value }] of all.entries()) {
    if (value.length > 0xffff) throw new TypeError(`tlvs[${index}].value is longer than 65535 bytes`);
    const reason = misfit(type, value.length, value.length, 0xffff, false);
    if (reason !== undefined) throw new TypeError(`tlvs[${index}].value is ${reason}`);
    parts.push(Buffer.from([type, value.length >> 8, value.length & 0xff]), Buffer.from(value));
    if (checksum >= 0 && index > checksum) behind += 3 + value.length;
  }
  return { parts, checksumFromEnd: checksum < 0 ? 0 : behind + 4 };
}
