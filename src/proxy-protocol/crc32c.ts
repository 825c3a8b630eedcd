/** The Castagnoli polynomial, bits reversed, a byte at a time; RFC 4960 appendix B, RFC 3720 appendix B.4. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

/** The CRC32c of the first `length` bytes, in which the four from `zeroed` on count as zero. */
export function crc32c(bytes: Uint8Array, length: number, zeroed: number): number {
  let crc = feed(0xffffffff, bytes, 0, zeroed);
  for (let index = 0; index < 4; index += 1) crc = table[crc & 0xff]! ^ (crc >>> 8);
  return ~feed(crc, bytes, zeroed + 4, length) >>> 0;
}

function feed(start: number, bytes: Uint8Array, from: number, to: number): number {
  let crc = start;
  for (let index = from; index < to; index += 1) crc = table[(crc ^ bytes[index]!) & 0xff]! ^ (crc >>> 8);
  return crc;
}
