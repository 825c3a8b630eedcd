import type { Socket } from 'node:net';
import { encodeV1 } from '../../proxy-protocol/index.js';
import { connectToInstance, uncork } from './connect-to-instance.js';
import { readInto } from './read-into.js';
import { relay } from './relay.js';
import type { Route } from './route.js';
import { sendsProxyLine } from './sends-proxy-line.js';

/**
 * Forwards one connection of a TCP or SSL listener to an instance, with the PROXY line in front when the
 * instance port has the policy at this moment. Without an InService instance the connection is closed.
 */
export function forwardConnection(client: Socket, route: Route): void {
  const { listener, loadBalancer, connections, sourceAddress } = route;
  const instance = route.nextInstance();
  const { remoteAddress, remotePort } = client;
  // A client that is gone already has no address.
  if (instance === undefined || remoteAddress === undefined || remotePort === undefined) {
    client.destroy();
    return;
  }
  const { instancePort, loadBalancerPort } = listener;
  const current = loadBalancer();
  const { address } = instance;
  const secure = listener.instanceProtocol === 'SSL';
  const backend = connectToInstance({
    address,
    port: instancePort,
    secure,
    localAddress: sourceAddress(current.dnsName, address),
    onread: secure || 'encrypted' in client ? undefined : readInto(client),
  });
  connections.add(instance.id, backend);
  if (sendsProxyLine(current, instancePort)) {
    // The line leaves as soon as there is a connection, whether or not the client has sent anything; bytes that it
    // has sent by then leave in the same write. Behind an SSL back end it is inside the TLS stream, where it
    // was seen on AWS (GOV.UK PaaS ADR009); AWS documents that combination as not supported.
    backend.cork();
    backend.once(secure ? 'secureConnect' : 'connect', uncork);
    const source = { address: remoteAddress, port: remotePort };
    const destination = { address: client.localAddress ?? current.dnsName, port: loadBalancerPort };
    backend.write(encodeV1({ source, destination }));
  }
  relay(client, backend, current.attributes.idleTimeout * 1000);
}
