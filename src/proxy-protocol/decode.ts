import { type DecodeOptions, type DecodeRules, decodeRules } from './decode-options.js';
import type { Decoded } from './decoded.js';
import { awaitMore } from './fault.js';
import type { TlvWalk } from './tlv.js';
import { decodeV1 } from './v1.js';
import { decodeV2 } from './v2.js';

/**
 * Says what the first bytes of a connection are, by the PROXY protocol specification (HAProxy's
 * `doc/proxy-protocol.txt`), version 1 and 2. Strict: any break of the grammar is `invalid`, as early as the bytes
 * allow. No input makes it throw, and it reads no byte behind the header.
 *
 * @param bytes all that has arrived so far, from the first byte of the connection.
 * @throws TypeError when an option is wrong.
 */
export function decode(bytes: Uint8Array, options?: DecodeOptions): Decoded {
  return decodeBytes(bytes, bytes.length, decodeRules(options));
}

/** `decode` of the first `have` bytes. */
export function decodeBytes(bytes: Uint8Array, have: number, rules: DecodeRules, resume?: TlvWalk): Decoded {
  if (have === 0) return awaitMore();
  // The first byte decides: P or CR; any other is in no signature.
  const first = bytes[0];
  if (first === 0x50) return decodeV1(bytes, have, rules);
  if (first === 0x0d) return decodeV2(bytes, have, rules, resume);
  if (first === undefined || !ArrayBuffer.isView(bytes)) throw new TypeError('bytes must be a Uint8Array');
  return { kind: 'absent', offset: 0 };
}
