import { cbor, dateToTag } from '@smithy/core/cbor';
import { type PlainValue, withTimes } from './plain-value.js';

const end = Buffer.from(cbor.serialize('end'));

/** A value in CBOR (RFC 8949), as the AWS SDKs read it (Smithy RPC v2). */
export function encodeCbor(value: PlainValue): Buffer {
  return Buffer.from(cbor.serialize(withTimes(value, dateToTag)));
}

/** The one value that some bytes hold. @throws Error if they hold none, or more */
export function decodeCbor(bytes: Buffer): unknown {
  // The decoder ignores what follows a value: in a list of two, anything more takes the place of the other one.
  const list = cbor.deserialize(Buffer.concat([Buffer.of(0x82), bytes, end])) as readonly unknown[];
  if (list[1] !== 'end') throw new SyntaxError('more than one value');
  return list[0];
}
