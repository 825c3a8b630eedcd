import { crc32c } from './crc32c.js';
import type { DecodeRules } from './decode-options.js';
import type { Decoded, Endpoint, Family, Tlv } from './decoded.js';
import { answerOf, awaitMore, invalid } from './fault.js';
import { formatIpv4, formatIpv6 } from './format-address.js';
import { checkTlvs, sliceTlvs, type TlvWalk } from './tlv.js';

/** The bytes before the addresses: signature, version and command, family and transport, length. */
export const v2PrefixLength = 16;

/** The first bytes of every version 2 header. */
export const v2Signature = Uint8Array.of(13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10);

/** The size of a UNIX address. */
export const unixAddressLength = 108;

/** By address family: bytes of both addresses and ports. */
const addressLengths = [0, 12, 36, 2 * unixAddressLength] as const;

/** By the byte of family and transport. Those that lack one of the two count as UNSPEC. */
const families: readonly (Family | undefined)[] = Array.from({ length: 0x33 }, (_, byte) =>
  new Map<number, Family>([
    [0x11, 'TCP4'],
    [0x12, 'UDP4'],
    [0x21, 'TCP6'],
    [0x22, 'UDP6'],
    [0x31, 'UNIX_STREAM'],
    [0x32, 'UNIX_DGRAM'],
  ]).get(byte),
);

/**
 * Decodes the first `have` bytes as a version 2 header, and reads none behind it.
 *
 * @param resume where the TLVs of the same header were left at the last call, kept by a decoder that is fed in pieces.
 */
export function decodeV2(bytes: Uint8Array, have: number, rules: DecodeRules, resume?: TlvWalk): Decoded {
  if (!hasSignature(bytes, have)) {
    const known = have < 12 ? have : 12;
    for (let index = 0; index < known; index += 1) {
      if (bytes[index] !== v2Signature[index]) return { kind: 'absent', offset: index };
    }
  }
  if (have <= 12) return awaitMore();
  const versionAndCommand = bytes[12]!;
  if (versionAndCommand >> 4 !== 2) return invalid('version', 'not version 2', 12);
  if (versionAndCommand > 0x21) return invalid('command', 'neither LOCAL nor PROXY', 12);
  const local = versionAndCommand === 0x20;

  if (have === 13) return awaitMore();
  const familyByte = bytes[13]!;
  // LOCAL: "discard the protocol block including the family which is ignored".
  const family = local ? undefined : families[familyByte];
  if (!local && family === undefined) {
    if (familyByte >> 4 > 3) return invalid('family', 'an address family that is not assigned', 13);
    if ((familyByte & 0x0f) > 2) return invalid('transport', 'a transport protocol that is not assigned', 13);
    if (!rules.allowUnspecified) {
      return invalid('family', 'an unspecified family, which this receiver refuses', 13);
    }
  }

  if (have === 14) return awaitMore();
  const high = bytes[14]! << 8;
  if (high > rules.maxLength) return invalid('length', 'longer than the limit of this receiver', 14);
  if (have === 15) return awaitMore();
  const length = high | bytes[15]!;
  if (length > rules.maxLength) return invalid('length', 'longer than the limit of this receiver', 15);
  const end = v2PrefixLength + length;
  if (family === undefined)
    return local ? bare('LOCAL', have, end) : decodeUnspecified(bytes, have, end, rules);

  const tlvsAt = v2PrefixLength + addressLengths[familyByte >> 4]!;
  if (end < tlvsAt) return invalid('length', 'shorter than the addresses of this family', 15);
  if (!rules.checkTlvs) {
    return have < end ? awaitMore() : proxied(bytes, familyByte, family, end);
  }
  const walk = resume ?? newWalk();
  if (walk.at === 0) walk.at = tlvsAt;
  const found = checkTlvs(bytes, have, end, walk);
  if (found < 0) return answerOf(found, 'tlv');
  if (walk.checksumAt > 0 && !checksumHolds(bytes, end, walk.checksumAt)) {
    return invalid('crc32c', 'the checksum does not match', walk.checksumAt);
  }
  return proxied(bytes, familyByte, family, end, sliceTlvs(bytes, tlvsAt, end));
}

/** Written out: it takes half the time of a loop. */
function hasSignature(bytes: Uint8Array, have: number): boolean {
  return (
    have >= 12 &&
    bytes[0] === 13 &&
    bytes[1] === 10 &&
    bytes[2] === 13 &&
    bytes[3] === 10 &&
    bytes[4] === 0 &&
    bytes[5] === 13 &&
    bytes[6] === 10 &&
    bytes[7] === 81 &&
    bytes[8] === 85 &&
    bytes[9] === 73 &&
    bytes[10] === 84 &&
    bytes[11] === 10
  );
}

/** The state of a walk that has not begun. */
export function newWalk(): TlvWalk {
  return { at: 0, tlsEnd: 0, checksumAt: 0 };
}

/** A header without addresses, once all of it is there. */
function bare(command: 'PROXY' | 'LOCAL', have: number, end: number, tlvs?: readonly Tlv[]): Decoded {
  if (have < end) return awaitMore();
  const header = { kind: 'valid', version: 2, command, family: 'UNSPEC', consumed: end } as const;
  return tlvs === undefined ? header : { ...header, tlvs };
}

/**
 * UNSPEC leaves open how much of the block is addresses, "if present", so nothing in it is a fault. HAProxy sends TLVs
 * alone: a block that is nothing but TLVs is read as such, and its checksum then counts.
 */
function decodeUnspecified(bytes: Uint8Array, have: number, end: number, rules: DecodeRules): Decoded {
  if (have < end || !rules.checkTlvs || bytes[13] !== 0) return bare('PROXY', have, end);
  const walk = { at: v2PrefixLength, tlsEnd: 0, checksumAt: 0 };
  if (checkTlvs(bytes, have, end, walk) < 0) return bare('PROXY', have, end);
  if (walk.checksumAt > 0 && !checksumHolds(bytes, end, walk.checksumAt)) {
    return invalid('crc32c', 'the checksum does not match', walk.checksumAt);
  }
  return bare('PROXY', have, end, sliceTlvs(bytes, v2PrefixLength, end));
}

function proxied(
  bytes: Uint8Array,
  familyByte: number,
  family: Family,
  end: number,
  tlvs?: readonly Tlv[],
): Decoded {
  let source: Endpoint;
  let destination: Endpoint;
  if (familyByte >> 4 === 1) {
    source = { address: formatIpv4(bytes, 16), port: (bytes[24]! << 8) | bytes[25]! };
    destination = { address: formatIpv4(bytes, 20), port: (bytes[26]! << 8) | bytes[27]! };
  } else if (familyByte >> 4 === 2) {
    source = { address: readIpv6(bytes, 16), port: (bytes[48]! << 8) | bytes[49]! };
    destination = { address: readIpv6(bytes, 32), port: (bytes[50]! << 8) | bytes[51]! };
  } else {
    source = { path: readPath(bytes, v2PrefixLength) };
    destination = { path: readPath(bytes, v2PrefixLength + unixAddressLength) };
  }
  // Written out: a spread takes longer than all of the decoding.
  return tlvs === undefined
    ? { kind: 'valid', version: 2, command: 'PROXY', family, source, destination, consumed: end }
    : { kind: 'valid', version: 2, command: 'PROXY', family, source, destination, tlvs, consumed: end };
}

const groups = new Uint16Array(8);

function readIpv6(bytes: Uint8Array, at: number): string {
  for (let index = 0; index < 8; index += 1) {
    groups[index] = (bytes[at + 2 * index]! << 8) | bytes[at + 2 * index + 1]!;
  }
  return formatIpv6(groups);
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function readPath(bytes: Uint8Array, at: number): string {
  const field = bytes.subarray(at, at + unixAddressLength);
  // An abstract name begins with a NUL, and only the padding behind it is cut.
  const end = field.indexOf(0, field[0] === 0 ? 1 : 0);
  const path = utf8.decode(end < 0 ? field : field.subarray(0, end));
  return path === '\0' ? '' : path;
}

function checksumHolds(bytes: Uint8Array, end: number, at: number): boolean {
  const announced = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  return crc32c(bytes, end, at) === announced;
}
