import type { DecodeRules } from './decode-options.js';
import type { Decoded, Family, InetEndpoint } from './decoded.js';
import { answerOf, awaitMore, invalid, moreNeeded } from './fault.js';
import { formatIpv4, formatIpv6 } from './format-address.js';
import { readIpv6 } from './read-ipv6.js';
import { scanIpv4, scannedIpv4 } from './scan-ipv4.js';
import { scanIpv6 } from './scan-ipv6.js';
import { scanPort } from './scan-port.js';
import { skipCanonicalIpv6 } from './skip-canonical-ipv6.js';
import { sliceText } from './slice-text.js';

/** The longest line, CR LF included, that the specification knows. */
export const v1Limit = 107;

const carriageReturnByte = 0x0d;
const lineFeedByte = 0x0a;
const spaceByte = 0x20;
const fourByte = 0x34;
const sixByte = 0x36;
const signature = Uint8Array.from('PROXY', (letter) => letter.charCodeAt(0));
const unknown = Uint8Array.from('UNKNOWN', (letter) => letter.charCodeAt(0));
const tcp = Uint8Array.from('TCP', (letter) => letter.charCodeAt(0));

/** Decodes the first `have` bytes as a version 1 line, and reads none behind the 107th. */
export function decodeV1(bytes: Uint8Array, have: number, rules: DecodeRules): Decoded {
  const end = have < v1Limit ? have : v1Limit;
  if (beginsWithTcp(bytes, end)) {
    if (bytes[9] === fourByte) return decodeTcp4(bytes, end);
    if (bytes[9] === sixByte) return decodeTcp6(bytes, end, rules);
  }
  return decodeBeginning(bytes, end, rules);
}

/** Whether it begins with `PROXY TCPx `, any x. Written out: it takes half the time of a loop. */
function beginsWithTcp(bytes: Uint8Array, end: number): boolean {
  return (
    end > 10 &&
    bytes[0] === 0x50 &&
    bytes[1] === 0x52 &&
    bytes[2] === 0x4f &&
    bytes[3] === 0x58 &&
    bytes[4] === 0x59 &&
    bytes[5] === spaceByte &&
    bytes[6] === 0x54 &&
    bytes[7] === 0x43 &&
    bytes[8] === 0x50 &&
    bytes[10] === spaceByte
  );
}

/** A line that is not there up to its source address, is UNKNOWN, or is wrong before that. */
function decodeBeginning(bytes: Uint8Array, end: number, rules: DecodeRules): Decoded {
  const wrong = mismatch(bytes, 0, end, signature);
  if (wrong >= 0) return { kind: 'absent', offset: wrong };
  if (end <= 5) return awaitMore();
  if (bytes[5] !== spaceByte) return invalid('separator', 'a single space is missing', 5);
  if (end === 6) return awaitMore();
  if (bytes[6] === unknown[0]) return decodeUnknown(bytes, end, rules);
  const notTcp = mismatch(bytes, 6, end, tcp);
  if (notTcp >= 0) return invalid('family', 'neither TCP4, TCP6 nor UNKNOWN', notTcp);
  if (end <= 9) return awaitMore();
  const known = bytes[9] === fourByte || bytes[9] === sixByte;
  if (known && end === 10) return awaitMore();
  return invalid('family', 'neither TCP4, TCP6 nor UNKNOWN', known ? 10 : 9);
}

function decodeTcp4(bytes: Uint8Array, end: number): Decoded {
  const first = scanIpv4(bytes, 11, end);
  if (first < 0) return answerOf(first, 'source-address');
  const source = formatIpv4(scannedIpv4, 0);
  const second = scanIpv4(bytes, first + 1, end);
  if (second < 0) return answerOf(second, 'destination-address');
  return decodePorts(bytes, end, second, 'TCP4', { source, destination: formatIpv4(scannedIpv4, 0) });
}

function decodeTcp6(bytes: Uint8Array, end: number, rules: DecodeRules): Decoded {
  const quickFirst = skipCanonicalIpv6(bytes, 11, end);
  const first = quickFirst > 0 ? quickFirst : scanIpv6(bytes, 11, end, rules.allowDottedIpv6);
  if (first < 0) return lineFault(first, bytes, end, 'source-address');
  const quickSecond = skipCanonicalIpv6(bytes, first + 1, end);
  const second = quickSecond > 0 ? quickSecond : scanIpv6(bytes, first + 1, end, rules.allowDottedIpv6);
  if (second < 0) return lineFault(second, bytes, end, 'destination-address');
  // Cutting one text in two is faster than making two.
  const both = sliceText(bytes, 11, second);
  const source = quickFirst > 0 ? both.slice(0, first - 11) : formatIpv6(readIpv6(bytes, 11, first));
  const destination =
    quickSecond > 0 ? both.slice(first - 10) : formatIpv6(readIpv6(bytes, first + 1, second));
  return decodePorts(bytes, end, second, 'TCP6', { source, destination });
}

function decodePorts(
  bytes: Uint8Array,
  end: number,
  space: number,
  family: Family,
  addresses: { readonly source: string; readonly destination: string },
): Decoded {
  const first = scanPort(bytes, space + 1, end, spaceByte);
  if (first < 0) return lineFault(first, bytes, end, 'source-port');
  const second = scanPort(bytes, (first >> 16) + 1, end, carriageReturnByte);
  if (second < 0) return lineFault(second, bytes, end, 'destination-port');
  const lineFeed = (second >> 16) + 1;
  if (lineFeed >= end) return unfinished(bytes, end);
  if (bytes[lineFeed] !== lineFeedByte)
    return invalid('line-end', 'no line feed behind the carriage return', lineFeed);
  const source: InetEndpoint = { address: addresses.source, port: first & 0xffff };
  const destination: InetEndpoint = { address: addresses.destination, port: second & 0xffff };
  return {
    kind: 'valid',
    version: 1,
    command: 'PROXY',
    family,
    source,
    destination,
    consumed: lineFeed + 1,
  };
}

/** All bytes between the word and CR LF are ignored, a lone CR or LF among them. */
function decodeUnknown(bytes: Uint8Array, end: number, rules: DecodeRules): Decoded {
  if (!rules.allowUnspecified) {
    return invalid('family', 'an unspecified family, which this receiver refuses', 6);
  }
  const wrong = mismatch(bytes, 6, end, unknown);
  if (wrong >= 0) return invalid('family', 'neither TCP4, TCP6 nor UNKNOWN', wrong);
  if (end <= 13) return awaitMore();
  if (bytes[13] === carriageReturnByte) {
    if (end === 14) return awaitMore();
    if (bytes[14] !== lineFeedByte) return invalid('line-end', 'no line feed behind the carriage return', 14);
    return { kind: 'valid', version: 1, command: 'PROXY', family: 'UNKNOWN', consumed: 15 };
  }
  if (bytes[13] !== spaceByte) return invalid('family', 'neither TCP4, TCP6 nor UNKNOWN', 13);
  for (let index = 15; index < end; index += 1) {
    if (bytes[index] === lineFeedByte && bytes[index - 1] === carriageReturnByte) {
      return { kind: 'valid', version: 1, command: 'PROXY', family: 'UNKNOWN', consumed: index + 1 };
    }
  }
  return unfinished(bytes, end);
}

function lineFault(found: number, bytes: Uint8Array, end: number, field: string): Decoded {
  return found === moreNeeded ? unfinished(bytes, end) : answerOf(found, field);
}

/** No CR LF so far: it must come within the first 107 bytes, so the 106th must be the CR at the latest. */
function unfinished(bytes: Uint8Array, end: number): Decoded {
  if (end >= v1Limit - 1 && bytes[v1Limit - 2] !== carriageReturnByte) {
    return invalid('line', 'the line does not end within 107 bytes', v1Limit - 2);
  }
  if (end === v1Limit) return invalid('line', 'the line does not end within 107 bytes', v1Limit - 1);
  return awaitMore();
}

/** The first byte from `at` on that differs from the word, or -1. */
function mismatch(bytes: Uint8Array, at: number, end: number, word: Uint8Array): number {
  const stop = Math.min(end - at, word.length);
  for (let index = 0; index < stop; index += 1) {
    if (bytes[at + index] !== word[index]) return at + index;
  }
  return -1;
}
