import type { HealthCheck, Listener } from './model.js';
import { type InstancePortStatus, isSecure } from './status.js';

/** The Network Load Balancer's counterpart to one listener of a Classic Load Balancer. */
export interface NetworkEquivalent {
  readonly listener: Listener;
  /** The listener that takes its place: `TCP 443`, `TLS 443`. */
  readonly networkListener: string;
  /** Protocol and port of its target group: `TCP 8443`. */
  readonly targetGroup: string;
  /** The value of `proxy_protocol_v2.enabled`; absent if it is not known whether the line is sent. */
  readonly proxyProtocol?: boolean | undefined;
  /** The group's health check: `HTTP on the traffic port, path /health`. */
  readonly healthCheck?: string | undefined;
  /** The differences, a sentence each. */
  readonly differences: readonly string[];
}

/**
 * A Network Load Balancer's counterparts, listener by listener.
 * Source: AWS, "Target group attributes" and "Health checks" of the Network Load Balancer guide; the LOCAL header of a
 * check is from a capture (kubernetes#57250).
 */
export function networkEquivalents({
  listeners,
  instancePorts,
  healthCheck,
}: {
  readonly listeners: readonly Listener[];
  readonly instancePorts: readonly InstancePortStatus[];
  readonly healthCheck?: HealthCheck | undefined;
}): readonly NetworkEquivalent[] {
  return listeners
    .toSorted((a, b) => a.loadBalancerPort - b.loadBalancerPort)
    .map((listener) => {
      const status = instancePorts.find(({ instancePort }) => instancePort === listener.instancePort);
      const proxyProtocol = sendsLine(listener, status);
      const check = healthCheck && checkOf(healthCheck, listener.instancePort);
      const group = isSecure(listener.instanceProtocol) ? 'TLS' : 'TCP';
      return {
        listener,
        networkListener: `${isSecure(listener.protocol) ? 'TLS' : 'TCP'} ${listener.loadBalancerPort}`,
        targetGroup: `${group} ${listener.instancePort}`,
        proxyProtocol,
        healthCheck: check?.words,
        differences: [
          ...requestDifferences(listener),
          ...lineDifferences(proxyProtocol, group),
          ...(check === undefined ? [] : checkDifferences(check, proxyProtocol)),
          ...policyDifferences(listener, status),
        ],
      };
    });
}

/** Whether the line goes out through this listener; HTTP and HTTPS listeners never send it. */
function sendsLine({ protocol }: Listener, status: InstancePortStatus | undefined): boolean | undefined {
  if (protocol === 'HTTP' || protocol === 'HTTPS') return false;
  if (status === undefined || status.proxyProtocol === 'conflicting') return undefined;
  return status.proxyProtocol === 'enabled';
}

function requestDifferences({ protocol }: Listener): readonly string[] {
  if (protocol !== 'HTTP' && protocol !== 'HTTPS') return [];
  return [
    'It does not read requests: no X-Forwarded-For, no cookies for stickiness. An Application Load Balancer does.',
  ];
}

function lineDifferences(proxyProtocol: boolean | undefined, group: 'TCP' | 'TLS'): readonly string[] {
  if (proxyProtocol !== true)
    return proxyProtocol === undefined
      ? []
      : ['Targets of type instance see the client’s own address without any header.'];
  return [
    'The header is version 2, in binary: the backends have to read it.',
    'It comes with the client’s first bytes, so a server that speaks first never gets it.',
    ...(group === 'TLS' ? ['It comes in the clear before the TLS handshake, not inside it.'] : []),
  ];
}

interface Check {
  readonly words: string;
  readonly protocol: string;
  readonly isOnTrafficPort: boolean;
}

/** The group's check that looks at the same. A Network Load Balancer has TCP, HTTP and HTTPS checks. */
function checkOf({ target }: HealthCheck, trafficPort: number): Check | undefined {
  const [, protocol = '', port = '', path] = /^([A-Z]+):(\d+)(\/.*)?$/.exec(target) ?? [];
  if (protocol === '') return undefined;
  const isOnTrafficPort = Number(port) === trafficPort;
  const own = protocol === 'SSL' ? 'TCP' : protocol;
  const where = isOnTrafficPort ? 'the traffic port' : `port ${port}`;
  return {
    words: `${own} on ${where}${path === undefined ? '' : `, path ${path}`}`,
    protocol,
    isOnTrafficPort,
  };
}

function checkDifferences(
  { protocol, isOnTrafficPort }: Check,
  proxyProtocol: boolean | undefined,
): readonly string[] {
  const handshake =
    protocol === 'SSL' ? ['A TCP check connects and does no handshake, as the SSL check does today.'] : [];
  if (proxyProtocol !== true || protocol === 'TCP' || protocol === 'SSL') return handshake;
  return [
    isOnTrafficPort
      ? 'Its health checks carry a header, too (LOCAL, without addresses): the port may require one.'
      : 'Its health checks carry a header on that other port, too (LOCAL): what answers there has to read it.',
  ];
}

function policyDifferences(
  { policyNames }: Listener,
  status: InstancePortStatus | undefined,
): readonly string[] {
  const others = [
    ...policyNames,
    ...(status?.policyNames ?? []).filter((name) => !status?.proxyPolicyNames.includes(name)),
  ];
  if (others.length === 0) return [];
  return [`Classic policies stay behind (${others.join(', ')}): it has none, and does not verify backends.`];
}
