import type { Socket } from 'node:net';
import { encodeV1, encodeV2 } from '../proxy-protocol/index.js';
import type { Payload, Prefix } from './probe.js';
import type { ProbeSettings } from './settings.js';

const nothing = Buffer.alloc(0);

/**
 * What stands in front. The line tells the truth about this very socket, as the specification (2.1) asks of checks: no
 * forged client gets into logs or bans.
 */
export function prefixBytes(prefix: Prefix, socket: Socket): Buffer {
  switch (prefix) {
    case 'plain':
      return nothing;
    case 'broken':
      return asLongAs('PROXY NONSENSE ', socket);
    case 'v1':
      return encodeV1(endsOf(socket));
    case 'v2':
      return encodeV2(endsOf(socket));
  }
}

/** A line of the valid line's length, so that no server can tell the two by that; no receiver may take it. */
function asLongAs(beginning: string, socket: Socket): Buffer {
  return Buffer.from(`${beginning.padEnd(encodeV1(endsOf(socket)).length - 2, '1')}\r\n`);
}

function endsOf({ localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 }: Socket) {
  return {
    source: { address: localAddress, port: localPort },
    destination: { address: remoteAddress, port: remotePort },
  };
}

/** What follows; of TLS, nothing that could be written beforehand. */
export function payloadBytes(
  payload: Payload,
  settings: ProbeSettings,
  target: string,
  socket: Socket,
): Buffer {
  switch (payload) {
    case 'none':
    case 'tls':
      return nothing;
    case 'http':
      // The zone of an IPv6 address is this machine's own affair.
      return httpRequest(settings.httpPath ?? '/', settings.httpHost ?? target.replace(/%[^\]]+/, ''));
    case 'send':
      return Buffer.from(settings.send ?? nothing);
    case 'word':
      return asLongAs('HELLO ', socket);
    case 'byte':
      return Buffer.from('H');
  }
}

/** A request that ends its connection; the caller has made sure that path and host hold no line break. */
export function httpRequest(path: string, host: string): Buffer {
  return Buffer.from(
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: elb-proxy\r\nAccept: */*\r\nConnection: close\r\n\r\n`,
  );
}
