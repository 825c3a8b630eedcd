import { type InstanceAddresses, instanceAddress } from '../instance-address.js';
import type { InstanceState } from '../instance-state.js';
import type { Listener, LoadBalancer } from '../shapes.js';
import type { CertificateSource } from './certificate-source.js';
import { createListenerServer } from './create-listener-server.js';
import { createHealthMonitor } from './health-monitor.js';
import { createInstanceConnections } from './instance-connections.js';
import { createListenerSet, type Warn } from './listener-set.js';
import type { Instance, Route } from './route.js';
import type { SourceAddress } from './source-address.js';

/** A load balancer that carries traffic. */
export interface RunningLoadBalancer {
  /** Opens and closes listeners to match the load balancer; the same one again only retries those that failed. */
  readonly follow: (loadBalancer: LoadBalancer) => Promise<void>;
  readonly stateOf: (instanceId: string) => InstanceState;
  /** The instances that were deregistered and still have connections, by connection draining. */
  readonly draining: () => readonly string[];
  /** Its listeners, and where each is open. */
  readonly listeners: () => readonly { readonly listener: Listener; readonly addresses: readonly string[] }[];
  /** Closes everything, open connections too. */
  readonly close: () => Promise<void>;
}

/** The dependencies that all load balancers share. */
export interface Surroundings {
  readonly addresses: InstanceAddresses;
  /** For all secure listeners. */
  readonly certificate: CertificateSource;
  readonly warn: Warn;
  readonly sourceAddress: SourceAddress;
}

// A listener with another key is another listener. Its policies are followed while it is open; the name of its
// certificate changes nothing here.
const keyOf = (one: Listener, hosts: readonly string[]): string =>
  [one.protocol, one.loadBalancerPort, one.instanceProtocol, one.instancePort, ...hosts].join(' ');

/** Makes a load balancer run; nothing is open before {@link RunningLoadBalancer.follow}. */
export function runLoadBalancer({
  addresses,
  certificate,
  warn,
  sourceAddress,
}: Surroundings): RunningLoadBalancer {
  const connections = createInstanceConnections();
  const health = createHealthMonitor(addresses, (id, inService) => {
    if (inService) connections.comeBack(id);
    else connections.leave(id, current.attributes.connectionDraining);
  });
  const listeners = createListenerSet(warn, 'an instance has this address and port');
  let current: LoadBalancer;
  let running = false;

  const inService = (): readonly Instance[] =>
    current.instances
      .filter(health.isInService)
      .map((id) => ({ id, address: instanceAddress(addresses, id) }));

  function followInstances(before: readonly string[], after: readonly string[]): void {
    for (const id of before) {
      if (!after.includes(id)) connections.leave(id, current.attributes.connectionDraining);
    }
    for (const id of after) if (!before.includes(id)) connections.comeBack(id);
  }

  /** The hosts to open a listener on, without those where it would connect to itself. */
  function hostsFor({ loadBalancerPort, instancePort }: Listener): readonly string[] {
    const hosts = [current.dnsName, '::1'];
    if (loadBalancerPort !== instancePort) return hosts;
    const taken = new Set(current.instances.map((id) => instanceAddress(addresses, id)));
    return hosts.filter((host) => !taken.has(host));
  }

  function routeOf(listener: Listener): Route {
    let turn = 0;
    return {
      listener,
      loadBalancer: () => current,
      inService,
      nextInstance: () => {
        const ready = inService();
        return ready[turn++ % ready.length];
      },
      connections,
      sourceAddress,
    };
  }

  return {
    follow: async (loadBalancer) => {
      if (current === loadBalancer && !listeners.hasFailed()) return;
      const before = running ? current.instances : [];
      running = true;
      current = loadBalancer;
      followInstances(before, loadBalancer.instances);
      health.follow(loadBalancer);
      const wanted = loadBalancer.listeners.map((listener) => {
        const hosts = hostsFor(listener);
        const route = routeOf(listener);
        const make = () => createListenerServer(route, certificate);
        return { key: keyOf(listener, hosts), port: listener.loadBalancerPort, hosts, make };
      });
      const { loadBalancerName: name, dnsName } = loadBalancer;
      await listeners.follow(wanted, { name, dnsName });
    },
    stateOf: health.stateOf,
    draining: () => connections.draining().filter((id) => !current.instances.includes(id)),
    listeners: () =>
      current.listeners.map((listener) => ({
        listener,
        addresses: listeners.addressesOf(keyOf(listener, hostsFor(listener))),
      })),
    close: async () => {
      health.close();
      connections.close();
      await listeners.close();
    },
  };
}
