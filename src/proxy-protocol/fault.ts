import type { Decoded } from './decoded.js';

const reasons = [
  'incomplete',
  'a character that is not allowed here',
  'empty',
  'a leading zero',
  'a number above 255',
  'not four numbers',
  'a group of more than four digits',
  'a second double colon',
  'not 128 bits',
  'a port above 65535',
  'the line does not end within 107 bytes',
  'no line feed behind the carriage return',
  'a single space is missing',
  'neither TCP4, TCP6 nor UNKNOWN',
  'not version 2',
  'neither LOCAL nor PROXY',
  'an address family that is not assigned',
  'a transport protocol that is not assigned',
  'shorter than the addresses of this family',
  'longer than the limit of this receiver',
  'a type and a length do not fit into what is left of the header',
  'a value that runs past the end of what contains it',
  'a checksum that is not four bytes',
  'a second checksum',
  'a unique id of more than 128 bytes',
  'TLS information of less than five bytes',
  'the checksum does not match',
  'an unspecified family, which this receiver refuses',
] as const;

/** Why a header is invalid, in words. */
export type FaultReason = (typeof reasons)[number];

/** A scanner's answer when it ran out of bytes before it could find a fault. */
export const moreNeeded = -1;

const codes = new Map<FaultReason, number>(reasons.map((reason, code) => [reason, code]));

/**
 * A fault as a negative number. The scanners answer an index when all is well, and this otherwise, so that the way
 * without faults allocates nothing.
 */
export function fault(reason: FaultReason, offset: number): number {
  return -1 - ((codes.get(reason) ?? 0) + offset * reasons.length);
}

const incomplete: Decoded = Object.freeze({ kind: 'incomplete' });

/** The byte that a fault is about. */
export function offsetOf(found: number): number {
  return Math.floor((-1 - found) / reasons.length);
}

/** The answer behind a scanner's negative number. */
export function answerOf(found: number, field: string): Decoded {
  if (found === moreNeeded) return incomplete;
  const number = -1 - found;
  return {
    kind: 'invalid',
    field,
    reason: reasons[number % reasons.length] ?? 'incomplete',
    offset: offsetOf(found),
  };
}

/** The answer for a fault that no scanner found. */
export function invalid(field: string, reason: FaultReason, offset: number): Decoded {
  return { kind: 'invalid', field, reason, offset };
}

/** The answer for a right beginning. */
export function awaitMore(): Decoded {
  return incomplete;
}
