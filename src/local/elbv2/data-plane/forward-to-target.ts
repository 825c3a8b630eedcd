import type { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import { connect as secureConnect } from 'node:tls';
import { connectToInstance, uncork } from '../../data-plane/connect-to-instance.js';
import { readInto } from '../../data-plane/read-into.js';
import { relay } from '../../data-plane/relay.js';
import type { SourceAddress } from '../../data-plane/source-address.js';
import { groupAttributes, HEADER_PLACEMENT, PROXY_PROTOCOL_V2 } from '../default-attributes.js';
import { connectionHeader } from './proxy-header.js';
import type { Destination, RunningTargetGroup } from './run-target-group.js';

/** How to forward a connection, as of now. */
export interface Forwarding {
  /** The group to forward to; undefined if all of the listener's have weight 0. */
  readonly group: RunningTargetGroup | undefined;
  readonly loadBalancerAddress: string;
  readonly listenerPort: number;
  readonly idleMs: number;
  readonly sourceAddress: SourceAddress;
}

/** An IPv4 address in its own form, even if the system gives it as IPv4-mapped. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/**
 * Where a connection leaves from: the client's address where it is preserved, as far as loopback allows (never its
 * port), else the load balancer's.
 */
function leavesFrom(
  client: string,
  preserved: boolean,
  { loadBalancerAddress: own, sourceAddress }: Forwarding,
  target: Destination,
): string | undefined {
  if (!preserved || !client.startsWith('127.')) return sourceAddress(own, target.address);
  // The system's own choice: nothing has to be bound.
  return client === '127.0.0.1' ? undefined : sourceAddress(client, target.address);
}

/** Writes the header right in front of the client's first bytes, in one write with them. */
function holdBack(client: Socket, backend: Socket, header: Buffer): void {
  client.prependOnceListener('data', () => {
    backend.cork();
    backend.write(header);
    queueMicrotask(() => backend.uncork());
  });
}

/** The TLS of a connection to a target; the header is in clear in front of it. */
function overTls(socket: Socket): Socket {
  return secureConnect({ socket, rejectUnauthorized: false });
}

/**
 * Forwards one connection to a target, with the header of version 2 if the group has it on at this moment: in front
 * of the client's first bytes, which never come if the server speaks first, or at once where the hidden attribute
 * says so. Without a target the connection is reset.
 */
export function forwardToTarget(client: Socket, forwarding: Forwarding): void {
  const { group, loadBalancerAddress, listenerPort, idleMs } = forwarding;
  const target = group?.next();
  const { remoteAddress, remotePort } = client;
  // A client that is gone already has no address.
  if (
    group === undefined ||
    target === undefined ||
    remoteAddress === undefined ||
    remotePort === undefined
  ) {
    refuse(client);
    return;
  }
  const attributes = groupAttributes(group.current());
  const secure = group.current().protocol === 'TLS';
  const from = plain(remoteAddress);
  const preserved = attributes.get('preserve_client_ip.enabled') === 'true';
  const socket = connectToInstance({
    address: target.address,
    port: target.port,
    secure: false,
    localAddress: leavesFrom(from, preserved, forwarding, target),
    onread: secure || 'encrypted' in client ? undefined : readInto(client),
  });
  socket.once('error', () => {
    if (socket.connecting || socket.bytesRead === 0) refuse(client);
  });
  const header =
    attributes.get(PROXY_PROTOCOL_V2) === 'true'
      ? connectionHeader(
          { address: from, port: remotePort },
          { address: plain(client.localAddress ?? loadBalancerAddress), port: listenerPort },
        )
      : undefined;
  const atOnce = secure || attributes.get(HEADER_PLACEMENT) === 'on_first_ack';
  if (header !== undefined && atOnce) {
    if (!secure) {
      // In one write with the bytes that the client has sent by the time there is a connection. TLS would overtake it.
      socket.cork();
      socket.once('connect', uncork);
    }
    socket.write(header);
  }
  const backend = secure ? overTls(socket) : socket;
  group.connections.add(target.key, socket);
  if (header !== undefined && !atOnce) holdBack(client, backend, header);
  relay(client, backend, idleMs);
}

/** Ends a client's connection as a Network Load Balancer does, by a reset; behind TLS without a close_notify. */
function refuse(client: Socket): void {
  if (client.destroyed) return;
  if ('encrypted' in client) client.destroy();
  else client.resetAndDestroy();
}
