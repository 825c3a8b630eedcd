import type { Tlv } from './decoded.js';

/** A TLV that cuts its value out when it is asked for, for a slice takes as long as decoding an address. */
export class LazyTlv implements Tlv {
  readonly type: number;
  readonly #bytes: Uint8Array;
  readonly #at: number;

  /** @param at where its type stands in the header. */
  constructor(bytes: Uint8Array, at: number) {
    this.type = bytes[at]!;
    this.#bytes = bytes;
    this.#at = at;
  }

  get value(): Uint8Array {
    const { buffer, byteOffset } = this.#bytes;
    const length = (this.#bytes[this.#at + 1]! << 8) | this.#bytes[this.#at + 2]!;
    return new Uint8Array(buffer, byteOffset + this.#at + 3, length);
  }

  toJSON(): Tlv {
    return { type: this.type, value: this.value };
  }
}
