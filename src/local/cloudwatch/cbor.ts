import { cbor, dateToTag } from '@smithy/core/cbor';
import { type PlainValue, withTimes } from './plain-value.js';

// CBOR (RFC 8949), as the AWS SDKs write requests and read answers in it (Smithy RPC v2).

const major = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 } as const;
/** Additional information that means "until a break", and the break itself. */
const indefinite = 31;
const stop = 0xff;
/** No request is nested deeper. */
const deepest = 32;

/** A value in CBOR. */
export function encodeCbor(value: PlainValue): Buffer {
  return Buffer.from(cbor.serialize(withTimes(value, dateToTag)));
}

/**
 * The one value that some bytes hold. The SDK's decoder makes room for as many items as a list claims to have, before it
 * reads one: a request of 60 bytes would end the process.
 *
 * @throws RangeError or SyntaxError if they are not one whole value
 */
export function decodeCbor(bytes: Buffer): unknown {
  const reader = { bytes, at: 0 };
  const value = read(reader, 0);
  if (reader.at !== bytes.length) throw new SyntaxError('bytes are left over');
  return value;
}

interface Reader {
  readonly bytes: Buffer;
  at: number;
}

function read(reader: Reader, depth: number): unknown {
  if (depth > deepest) throw new RangeError('it is nested too deeply');
  const first = reader.bytes.readUInt8(reader.at++);
  const kind = first >> 5;
  const info = first & 0x1f;
  if (kind === major.simple) return simple(reader, info);
  const count = info === indefinite ? undefined : countOf(reader, info);
  switch (kind) {
    case major.unsigned:
      return count ?? fault();
    case major.negative:
      return -1 - (count ?? fault());
    case major.tag:
      return read(reader, depth + 1);
    case major.array:
      return items(reader, count, () => read(reader, depth + 1));
    case major.map:
      return Object.fromEntries(
        items(reader, count, () => [String(read(reader, depth + 1)), read(reader, depth + 1)] as const),
      );
    case major.text:
      return count === undefined
        ? items(reader, undefined, () => String(read(reader, depth + 1))).join('')
        : take(reader, count).toString();
    default:
      return count === undefined ? fault() : take(reader, count);
  }
}

function simple(reader: Reader, info: number): unknown {
  switch (info) {
    case 20:
    case 21:
      return info === 21;
    case 22:
    case 23:
      return undefined;
    case 26:
      return take(reader, 4).readFloatBE();
    case 27:
      return take(reader, 8).readDoubleBE();
    default:
      return fault();
  }
}

function countOf(reader: Reader, info: number): number {
  if (info < 24) return info;
  const bytes = { 24: 1, 25: 2, 26: 4, 27: 8 }[info] ?? fault();
  const text = take(reader, bytes);
  const count = bytes === 8 ? Number(text.readBigUInt64BE()) : text.readUIntBE(0, bytes);
  return Number.isSafeInteger(count) ? count : fault();
}

function items<T>(reader: Reader, count: number | undefined, next: () => T): T[] {
  const found: T[] = [];
  const goesOn = () => (count === undefined ? reader.bytes[reader.at] !== stop : found.length < count);
  while (goesOn()) found.push(next());
  if (count === undefined) reader.at++;
  return found;
}

function take(reader: Reader, length: number): Buffer {
  const end = reader.at + length;
  if (end > reader.bytes.length) throw new RangeError('it is cut off');
  const taken = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return taken;
}

function fault(): never {
  throw new SyntaxError('it holds what no request has');
}
