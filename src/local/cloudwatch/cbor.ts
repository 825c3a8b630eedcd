import type { PlainValue } from './plain-value.js';

// CBOR (RFC 8949), as far as the AWS SDKs write requests and read answers in it (Smithy RPC v2).

const major = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 } as const;
/** Additional information that says "until a break", and the break itself. */
const indefinite = 31;
const stop = 0xff;
/** No request is nested deeper. */
const deepest = 32;

/** What a value is written as. */
export function encodeCbor(value: PlainValue): Buffer {
  if (value instanceof Date) return Buffer.concat([head(major.tag, 1), double(value.getTime() / 1000)]);
  if (typeof value === 'string')
    return Buffer.concat([head(major.text, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === 'boolean') return Buffer.from([value ? 0xf5 : 0xf4]);
  if (typeof value === 'number')
    return Number.isInteger(value) && value >= 0 && value < 2 ** 32
      ? head(major.unsigned, value)
      : double(value);
  if (Array.isArray(value)) return Buffer.concat([head(major.array, value.length), ...value.map(encodeCbor)]);
  const entries = Object.entries(value);
  return Buffer.concat([
    head(major.map, entries.length),
    ...entries.flatMap(([name, item]) => [encodeCbor(name), encodeCbor(item)]),
  ]);
}

function head(kind: number, count: number): Buffer {
  const first = kind << 5;
  if (count < 24) return Buffer.from([first | count]);
  const long = Buffer.alloc(5);
  long[0] = first | 26;
  long.writeUInt32BE(count, 1);
  return long;
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = 0xfb;
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

/** What some bytes hold. @throws RangeError or SyntaxError if they are not one whole value */
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
