import { decodeBytes } from './decode.js';
import { type DecodeOptions, type DecodeRules, decodeRules } from './decode-options.js';
import type { Decoded } from './decoded.js';
import { awaitMore } from './fault.js';
import type { TlvWalk } from './tlv.js';
import { v1Limit } from './v1.js';
import { newWalk, v2PrefixLength } from './v2.js';

/** Decodes a header that arrives in any pieces. */
export interface Decoder {
  /**
   * Takes the next bytes of the connection and says what all bytes so far are. After any answer but `incomplete` the
   * bytes are ignored and each further call gives that answer again. `consumed` and `offset` count from the
   * first byte of the connection, so the payload may begin inside the chunk that made the header whole.
   */
  push(chunk: Uint8Array): Decoded;
}

/**
 * A decoder for one connection, with the same answers as `decode` however the bytes are split. It holds at most
 * one header, and no chunk beyond its `push`: the chunk's memory may be used again at once.
 *
 * @throws TypeError when an option is wrong.
 */
export function createDecoder(options?: DecodeOptions): Decoder {
  return new PushDecoder(decodeRules(options));
}

/** The first byte of version 2. */
const carriageReturnByte = 0x0d;

class PushDecoder implements Decoder {
  readonly #rules: DecodeRules;
  readonly #walk: TlvWalk = newWalk();
  #held: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #length = 0;
  #answer: Decoded = awaitMore();

  constructor(rules: DecodeRules) {
    this.#rules = rules;
  }

  push(chunk: Uint8Array): Decoded {
    if (this.#answer.kind !== 'incomplete') return this.#answer;
    // A header of version 2 is copied even when it comes whole, because its TLVs are views.
    if (this.#length === 0 && chunk[0] !== carriageReturnByte) {
      this.#answer = decodeBytes(chunk, chunk.length, this.#rules, this.#walk);
      if (this.#answer.kind === 'incomplete') this.#hold(chunk, 0, chunk.length);
      return this.#answer;
    }
    // First up to where the header's size shows, then up to its end.
    let taken = 0;
    while (taken < chunk.length && this.#answer.kind === 'incomplete') {
      const next = Math.min(chunk.length, taken + this.#missing());
      this.#hold(chunk, taken, next);
      taken = next;
      this.#answer = decodeBytes(this.#held, this.#length, this.#rules, this.#walk);
    }
    return this.#answer;
  }

  /** How many bytes the header can still have, or has at least: more than none while it is incomplete. */
  #missing(): number {
    return (
      (this.#length < v2PrefixLength && this.#held[0] !== 0x50 ? v2PrefixLength : sizeOf(this.#held)) -
      this.#length
    );
  }

  #hold(chunk: Uint8Array, from: number, to: number): void {
    const length = this.#length + to - from;
    if (length > this.#held.length) {
      const size =
        this.#length < v2PrefixLength ? Math.max(v1Limit, length) : Math.min(2 * length, sizeOf(this.#held));
      const larger = new Uint8Array(size);
      larger.set(this.#held.subarray(0, this.#length));
      this.#held = larger;
    }
    this.#held.set(chunk.subarray(from, to), this.#length);
    this.#length = length;
  }
}

/** The size of a version 2 header of which 16 bytes are there; the largest of version 1. */
function sizeOf(header: Uint8Array): number {
  return header[0] === 0x50 ? v1Limit : v2PrefixLength + ((header[14]! << 8) | header[15]!);
}
