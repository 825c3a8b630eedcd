import type { LoadBalancerType, ProtocolV2, TargetGroupV2 } from './shapes.js';

/** All protocols that the API knows. */
export const protocolsV2: readonly ProtocolV2[] = [
  'HTTP',
  'HTTPS',
  'TCP',
  'TLS',
  'UDP',
  'TCP_UDP',
  'GENEVE',
  'QUIC',
  'TCP_QUIC',
];

/** The protocols of a load balancer's listeners. A Gateway Load Balancer's has none, and is not served here. */
export const listenerProtocols: Readonly<Record<LoadBalancerType, readonly ProtocolV2[]>> = {
  application: ['HTTP', 'HTTPS'],
  network: ['TCP', 'TLS', 'UDP', 'TCP_UDP', 'QUIC', 'TCP_QUIC'],
  gateway: [],
};

/**
 * The protocols of the groups that a listener can forward to (guide, "Listeners for your Network Load Balancers"; of
 * QUIC, by its names).
 */
export const groupProtocols: Readonly<Record<ProtocolV2, readonly ProtocolV2[]>> = {
  HTTP: ['HTTP', 'HTTPS'],
  HTTPS: ['HTTP', 'HTTPS'],
  TCP: ['TCP', 'TCP_UDP', 'TCP_QUIC'],
  TLS: ['TCP', 'TLS'],
  UDP: ['UDP', 'TCP_UDP'],
  TCP_UDP: ['TCP_UDP'],
  GENEVE: [],
  QUIC: ['QUIC', 'TCP_QUIC'],
  TCP_QUIC: ['TCP_QUIC'],
};

/** Whether a group is one that a Network Load Balancer forwards to. */
export const isNetworkGroup = ({ protocol }: Pick<TargetGroupV2, 'protocol'>): boolean =>
  protocol !== undefined && listenerProtocols.network.includes(protocol);

/** Whether a protocol is HTTP or HTTPS. */
export const isHttp = (protocol: ProtocolV2 | undefined): boolean =>
  protocol === 'HTTP' || protocol === 'HTTPS';
