import { isListKnown, type LoadBalancer, missingFields, policyNamesOn } from './model.js';
import { policyNamesOfKind } from './policy.js';

/** `conflicting`: the same port has policies that say true and false. */
export type ProxyProtocolState = 'enabled' | 'disabled' | 'conflicting';

/** How many of a port's connections start with the PROXY line: those through TCP and SSL listeners do, where the policy is on. */
export type Sends = 'all' | 'some' | 'none';

/** The status of one instance port, and everything that is attached to it. */
export interface InstancePortStatus {
  readonly instancePort: number;
  readonly proxyProtocol: ProxyProtocolState;
  /** Absent if policies contradict each other, as AWS does not publish what is sent then, or listeners were left out. */
  readonly sends?: Sends | undefined;
  /** The port's whole list, in the service's order. */
  readonly policyNames: readonly string[];
  /** Those of the list that make the load balancer send the PROXY line. */
  readonly proxyPolicyNames: readonly string[];
}

/** The status of one instance port; a port without policies is `disabled`. */
export function instancePortStatus(loadBalancer: LoadBalancer, instancePort: number): InstancePortStatus {
  const policyNames = policyNamesOn(loadBalancer, instancePort);
  const on = policyNamesOfKind(loadBalancer.policies, 'on');
  const off = policyNamesOfKind(loadBalancer.policies, 'off');
  const proxyPolicyNames = policyNames.filter((name) => on.includes(name));
  const contradicted = policyNames.some((name) => off.includes(name));
  const proxyProtocol = proxyPolicyNames.length === 0 ? 'disabled' : contradicted ? 'conflicting' : 'enabled';
  const sends = sendsOf(proxyProtocol, loadBalancer, instancePort);
  return {
    instancePort,
    proxyProtocol,
    ...(sends === undefined ? {} : { sends }),
    policyNames,
    proxyPolicyNames,
  };
}

function sendsOf(
  state: ProxyProtocolState,
  loadBalancer: LoadBalancer,
  instancePort: number,
): Sends | undefined {
  if (state === 'conflicting') return undefined;
  if (state === 'disabled') return 'none';
  if (!areListenersKnown(loadBalancer)) return undefined;
  const listeners = loadBalancer.listeners.filter((listener) => listener.instancePort === instancePort);
  const sending = listeners.filter(isForwarding);
  if (sending.length === 0) return 'none';
  return sending.length === listeners.length ? 'all' : 'some';
}

/** Every instance port of a listener and every port that has policies, ascending. */
export function instancePorts(loadBalancer: LoadBalancer): readonly number[] {
  const ports = new Set([
    ...loadBalancer.listeners.map((listener) => listener.instancePort),
    ...loadBalancer.backendServers.map((server) => server.instancePort),
  ]);
  return [...ports].toSorted((a, b) => a - b);
}

/** The status of every instance port of which enough was read, ascending; the others are in {@link notKnownOf}. */
export function instancePortStatuses(loadBalancer: LoadBalancer): readonly InstancePortStatus[] {
  return instancePorts(loadBalancer)
    .filter((port) => isPortKnown(loadBalancer, port))
    .map((port) => instancePortStatus(loadBalancer, port));
}

/** The gaps in the service's answers about a load balancer. */
export interface NotKnown {
  /** The fields, by their names in the API; `PolicyDescriptions[p]` is a policy that is attached and not described. */
  readonly fields: readonly string[];
  /** The instance ports of which it is not known whether they send the PROXY line, ascending. */
  readonly instancePorts: readonly number[];
}

/** The gaps in what is known of a load balancer; undefined if everything was answered. */
export function notKnownOf(loadBalancer: LoadBalancer): NotKnown | undefined {
  const attached = loadBalancer.backendServers.flatMap(({ policyNames }) => policyNames);
  const undescribed = attached.filter((name) => !isDescribedWhole(loadBalancer, name));
  const fields = new Set([
    ...missingFields(loadBalancer),
    ...undescribed
      .filter((name) => loadBalancer.policies?.some((policy) => policy.name === name) !== true)
      .map((name) => `PolicyDescriptions[${name}]`),
  ]);
  if (fields.size === 0) return undefined;
  const ports = new Set([
    ...instancePorts(loadBalancer),
    ...(loadBalancer.missing ?? []).flatMap(({ instancePort }) => instancePort ?? []),
  ]);
  return {
    fields: [...fields],
    instancePorts: [...ports].filter((port) => !isPortKnown(loadBalancer, port)).toSorted((a, b) => a - b),
  };
}

/** The policies on some instance ports that the service attaches and does not describe. */
export function undescribedOn(loadBalancer: LoadBalancer, ports: readonly number[]): readonly string[] {
  const attached = new Set(ports.flatMap((port) => policyNamesOn(loadBalancer, port)));
  return [...attached].filter((name) => !isDescribedWhole(loadBalancer, name));
}

/** Whether it is known what a port's policies say of the PROXY line. */
function isPortKnown(loadBalancer: LoadBalancer, port: number): boolean {
  if (!isListKnown(loadBalancer, port)) return false;
  const names = policyNamesOn(loadBalancer, port);
  return names.every((name) => isDescribedWhole(loadBalancer, name));
}

function isDescribedWhole({ policies = [] }: LoadBalancer, name: string): boolean {
  return policies.some((policy) => policy.name === name && policy.missing === undefined);
}

/** Whether every listener was answered: else a port may have more of them than are listed. */
export function areListenersKnown({ missing = [] }: Pick<LoadBalancer, 'missing'>): boolean {
  return !missing.some(({ field }) => field.startsWith('ListenerDescriptions'));
}

/** Every instance port behind a TCP or SSL listener, ascending: what `--all-ports` means. */
export function forwardedInstancePorts(loadBalancer: LoadBalancer): readonly number[] {
  const ports = loadBalancer.listeners.filter(isForwarding).map((listener) => listener.instancePort);
  return [...new Set(ports)].toSorted((a, b) => a - b);
}

/** TCP and SSL listeners forward bytes and can send the PROXY line; HTTP and HTTPS listeners add X-Forwarded-For instead. */
export function isForwarding(listener: { readonly protocol: string }): boolean {
  return listener.protocol === 'TCP' || listener.protocol === 'SSL';
}

/** Whether a listener's protocol, or its instance protocol, is spoken in TLS. */
export function isSecure(protocol: string): boolean {
  return protocol === 'SSL' || protocol === 'HTTPS';
}
