import { isIPv6, type Socket } from 'node:net';
import type { ValidHeader } from './decoded.js';

/**
 * Makes a socket report the client that its header names, and hold the header. Node's own properties are getters on the
 * prototype, so they are covered by properties of the socket itself. For LOCAL, UNSPEC and UNKNOWN the real address
 * stays; a client on a UNIX socket has none, as for Node.
 */
export function reportClient(socket: Socket, header: ValidHeader): void {
  cover(socket, 'proxyProtocol', header);
  const { source } = header;
  if (source === undefined) return;
  const address = 'address' in source ? source.address : undefined;
  cover(socket, 'remoteAddress', address);
  cover(socket, 'remotePort', 'port' in source ? source.port : undefined);
  cover(socket, 'remoteFamily', address === undefined ? undefined : isIPv6(address) ? 'IPv6' : 'IPv4');
}

function cover(socket: Socket, name: string, value: unknown): void {
  Object.defineProperty(socket, name, { value, configurable: true, enumerable: false, writable: true });
}
