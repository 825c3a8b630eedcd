import type { ShownBytes } from '../core/verify-result.js';

/** No more bytes from the network than these are ever shown. */
const shownAtMost = 256;

const short: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };

/** Bytes as escaped text and hex. */
export function showBytes(bytes: Uint8Array, total = bytes.length): ShownBytes {
  const shown = bytes.subarray(0, shownAtMost);
  return {
    bytes: total,
    text: escapeBytes(shown),
    hex: Buffer.from(shown.buffer, shown.byteOffset, shown.length).toString('hex'),
  };
}

/** Printable ASCII as it is; everything else as an escape that could be given to `--send` again. */
function escapeBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString('latin1')
    .replaceAll(/[^ -[\]-~]/g, escapeOf);
}

function escapeOf(character: string): string {
  const byte = character.charCodeAt(0);
  return short[byte] ?? `\\x${byte.toString(16).padStart(2, '0')}`;
}

const escapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, '0': 0, '\\': 92 };

/**
 * The bytes that a text with escapes means: `\r \n \t \0 \\ \xHH`; everything else as UTF-8.
 * Undefined if an escape is none of these.
 */
export function unescapeBytes(text: string): Uint8Array | undefined {
  const parts: Buffer[] = [];
  let rest = text;
  while (rest !== '') {
    const plain = /^[^\\]+/.exec(rest)?.[0] ?? '';
    parts.push(Buffer.from(plain));
    rest = rest.slice(plain.length);
    if (rest === '') break;
    const hex = /^\\x([0-9a-f]{2})/i.exec(rest)?.[1];
    const byte = hex === undefined ? escapes[rest.charAt(1)] : Number.parseInt(hex, 16);
    if (byte === undefined) return undefined;
    parts.push(Buffer.from([byte]));
    rest = rest.slice(hex === undefined ? 2 : 4);
  }
  return Buffer.concat(parts);
}
