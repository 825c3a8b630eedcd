import { encodeV1, encodeV2 } from '../proxy-protocol/index.js';
import type { Lead } from './exchange.js';

/** Address and port of both ends of a connection, as they were when it was made: a reset takes them away. */
export interface Ends {
  /** This side, which the backend sees. */
  readonly source: { readonly address: string; readonly port: number };
  readonly destination: { readonly address: string; readonly port: number };
}

/** The lead. It is true about this very connection, so that no forged client gets into logs or bans. */
export function leadBytes(lead: Lead, ends: Ends): Buffer {
  switch (lead) {
    case 'plain':
      return Buffer.alloc(0);
    case 'v1':
      return encodeV1(ends);
    case 'v2':
      return encodeV2(ends);
    // As many words as a valid line has, and as long, so that no server can distinguish the two by that.
    case 'broken':
      return asLongAs('PROXY NONSENSE 1 2 3 4', ends);
    case 'network':
      return encodeV2({ ...ends, crc32c: true });
    case 'broken-header': {
      const header = encodeV2({ ...ends, crc32c: true });
      // Version 3; all else, and the length, are as in the valid one.
      header[12] = 0x31;
      return header;
    }
    case 'word':
      return asLongAs('HELLO ', ends);
  }
}

function asLongAs(beginning: string, ends: Ends): Buffer {
  return Buffer.from(`${beginning.padEnd(encodeV1(ends).length - 2, '1')}\r\n`);
}
