import { Buffer } from 'node:buffer';
import type { Endpoint } from './decoded.js';
import { encodablePair, notIpv4, show } from './encodable.js';

/** The content of a version 1 line. */
export type V1Header =
  | {
      /** Default: TCP4 when both addresses are IPv4 or IPv4-mapped, else TCP6. */
      readonly family?: 'TCP4' | 'TCP6';
      readonly source: Endpoint;
      readonly destination: Endpoint;
    }
  | {
      /** The receiver is to use the connection's own addresses; some receivers refuse it. */
      readonly family: 'UNKNOWN';
    };

/**
 * A version 1 line, CR LF included. Send it in one write, before or together with the first payload: HAProxy, nginx and
 * lighttpd refuse a line that comes in pieces.
 *
 * Addresses are taken as sockets report them. `::ffff:192.0.2.1`, from a dual-stack socket, goes out as `192.0.2.1`
 * under TCP4; a zone id is cut. When one end is IPv4 and the other IPv6, the line is TCP6 and the IPv4 end
 * `::ffff:c000:201`, the only way that the grammar has.
 *
 * @throws TypeError when an address or a port is none, or an IPv6 address is to go out as TCP4.
 */
export function encodeV1(header: V1Header): Buffer {
  const { family } = header;
  if (family === 'UNKNOWN') return Buffer.from('PROXY UNKNOWN\r\n', 'latin1');
  if (family !== undefined && family !== 'TCP4' && family !== 'TCP6') {
    throw new TypeError(`family must be TCP4, TCP6 or UNKNOWN, not ${show(family)}`);
  }
  const pair = encodablePair(header.source, header.destination);
  const { sourcePort, destinationPort } = pair;
  if (family === 'TCP6' || (family === undefined && !pair.ipv4)) {
    return line(`TCP6 ${pair.source.ipv6} ${pair.destination.ipv6} ${sourcePort} ${destinationPort}`);
  }
  if (!pair.ipv4) throw notIpv4(pair, 'TCP4');
  return line(`TCP4 ${pair.source.ipv4} ${pair.destination.ipv4} ${sourcePort} ${destinationPort}`);
}

function line(text: string): Buffer {
  return Buffer.from(`PROXY ${text}\r\n`, 'latin1');
}
