import type { Listener, LoadBalancer } from '../core/model.js';
import { nextCommand } from '../core/next-command.js';
import { instancePortStatus, isForwarding, isSecure, type ProxyProtocolState } from '../core/status.js';
import { usageError } from '../errors.js';
import { sectionName } from './words.js';

/** A backend section: one instance port, spoken to in one way. */
export interface Backend {
  readonly name: string;
  readonly mode: 'tcp' | 'http';
  /** WebSocket requests of HTTP listeners; a mode of its own, since plain requests never carry the line. */
  readonly websocket: boolean;
  readonly instancePort: number;
  /** TLS to the instance: its protocol is SSL or HTTPS. */
  readonly secure: boolean;
  /** By the policies of the instance port. */
  readonly proxyProtocol: ProxyProtocolState;
  /** Whether HAProxy puts the line in front here: the port has the policy, and no HTTP listener's rule forbids it. */
  readonly sendsLine: boolean;
}

/** A frontend section: one listener. */
export interface Frontend {
  readonly name: string;
  readonly listener: Listener;
  readonly mode: 'tcp' | 'http';
  /** TLS from the client: the listener's protocol is SSL or HTTPS. */
  readonly secure: boolean;
  readonly backend: Backend;
  /** Where an HTTP listener's WebSocket requests go; absent if no port has the PROXY policy. */
  readonly websocket?: Backend | undefined;
}

/** A listener that HAProxy cannot have, and why. */
export interface LeftOut {
  readonly listener: Listener;
  readonly why: string;
}

/** A load balancer in HAProxy's terms. */
export interface Mirror {
  readonly frontends: readonly Frontend[];
  /** Each once, in the order of their first use. */
  readonly backends: readonly Backend[];
  readonly leftOut: readonly LeftOut[];
  /** Ports that have the PROXY policy but no listener: nothing reaches them. */
  readonly stalePorts: readonly number[];
  /** Instance ports of listeners that have the PROXY policy, ascending: where WebSocket requests could go. */
  readonly websocketPorts: readonly number[];
}

/**
 * Finds the sections that replace a load balancer, which must have been read with its policies.
 * @throws ElbProxyError of code `usage` if `websocketPort` is not a port that has the PROXY policy
 */
export function mirror(loadBalancer: LoadBalancer, websocketPort?: number): Mirror {
  const leftOut = loadBalancer.listeners.flatMap((listener, index) => {
    const why = reasonAgainst(listener, loadBalancer.listeners.slice(0, index));
    return why === undefined ? [] : [{ listener, why }];
  });
  const listeners = loadBalancer.listeners
    .filter((listener) => !leftOut.some((one) => one.listener === listener))
    .toSorted((a, b) => a.loadBalancerPort - b.loadBalancerPort);
  const withPolicy = listeners.filter(({ instancePort }) => hasPolicy(loadBalancer, instancePort));
  const websocketPorts = [...new Set(withPolicy.map((one) => one.instancePort))].toSorted((a, b) => a - b);
  if (websocketPort !== undefined && !websocketPorts.includes(websocketPort)) {
    throw noSuchPort(loadBalancer, websocketPort, websocketPorts);
  }
  const frontends = listeners.map((listener): Frontend => {
    const mode = isForwarding(listener) ? 'tcp' : 'http';
    const target = mode === 'http' ? websocketTarget(listener, withPolicy, websocketPort) : undefined;
    return {
      name: `${sectionName(loadBalancer.name)}-${listener.loadBalancerPort}`,
      listener,
      mode,
      secure: isSecure(listener.protocol),
      backend: backendOf(loadBalancer, listener, mode),
      websocket: target && backendOf(loadBalancer, target, 'websocket'),
    };
  });
  const used = frontends.flatMap(({ backend, websocket }) => (websocket ? [backend, websocket] : [backend]));
  return {
    frontends,
    backends: [...new Map(used.map((backend) => [backend.name, backend])).values()],
    leftOut,
    stalePorts: loadBalancer.backendServers
      .map(({ instancePort }) => instancePort)
      .filter((port) => loadBalancer.listeners.every(({ instancePort }) => instancePort !== port))
      .filter((port) => hasPolicy(loadBalancer, port))
      .toSorted((a, b) => a - b),
    websocketPorts,
  };
}

function backendOf(
  loadBalancer: LoadBalancer,
  { instancePort, instanceProtocol }: Listener,
  use: 'tcp' | 'http' | 'websocket',
): Backend {
  const { proxyProtocol } = instancePortStatus(loadBalancer, instancePort);
  const secure = isSecure(instanceProtocol);
  const how = { tcp: secure ? 'ssl' : 'tcp', http: secure ? 'https' : 'http', websocket: 'websocket' }[use];
  return {
    name: `${sectionName(loadBalancer.name)}-instance-port-${instancePort}-${how}`,
    mode: use === 'tcp' ? 'tcp' : 'http',
    websocket: use === 'websocket',
    instancePort,
    secure,
    proxyProtocol,
    sendsLine: use !== 'http' && proxyProtocol !== 'disabled',
  };
}

/**
 * The listener whose instance port gets the WebSocket requests of an HTTP listener: one that has the PROXY policy.
 * Behind a TCP or SSL listener the line is really sent, so such a port goes first, the listener's own before others.
 */
function websocketTarget(
  { instancePort: own }: Listener,
  withPolicy: readonly Listener[],
  chosen: number | undefined,
): Listener | undefined {
  const rank = (listener: Listener) =>
    (isForwarding(listener) ? 0 : 2) + (listener.instancePort === own ? 0 : 1);
  return withPolicy
    .filter(({ instancePort }) => chosen === undefined || instancePort === chosen)
    .toSorted((a, b) => rank(a) - rank(b) || a.instancePort - b.instancePort)[0];
}

/** Data from the network need not follow the service's rules. */
function reasonAgainst(listener: Listener, before: readonly Listener[]): string | undefined {
  const { protocol, instanceProtocol, loadBalancerPort, instancePort } = listener;
  const layer = layers[protocol];
  if (layer === undefined) return 'the protocol is not known';
  if (layers[instanceProtocol] !== layer) return 'the instance protocol does not fit the protocol';
  if (!isPort(loadBalancerPort) || !isPort(instancePort)) return 'a port is out of range';
  const taken = before.some((other) => other.loadBalancerPort === loadBalancerPort);
  return taken ? 'another listener has this port' : undefined;
}

const layers: Readonly<Record<string, 4 | 7 | undefined>> = Object.assign(Object.create(null), {
  TCP: 4,
  SSL: 4,
  HTTP: 7,
  HTTPS: 7,
});

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/** Whether an instance port has the PROXY policy. */
export function hasPolicy(loadBalancer: LoadBalancer, instancePort: number): boolean {
  return instancePortStatus(loadBalancer, instancePort).proxyProtocol !== 'disabled';
}

function noSuchPort({ name, region }: LoadBalancer, port: number, choices: readonly number[]) {
  return usageError(
    `--websocket-port ${port}: no listener of ${name} in ${region} forwards to an instance port ${port} that has the PROXY policy`,
    choices.length === 0
      ? `none has it; add it with: ${nextCommand('enable', [name], { port: 'N' })}`
      : `these have it: ${choices.join(', ')}`,
  );
}
