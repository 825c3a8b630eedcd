import { messageOf } from '../../errors.js';
import { type InstanceAddresses, instanceAddress } from '../instance-address.js';
import type { InstanceState } from '../instance-state.js';
import type { Listener, LoadBalancer } from '../shapes.js';
import { bindFailure } from './bind-failure.js';
import type { CertificateSource } from './certificate-source.js';
import { createListenerServer } from './create-listener-server.js';
import { createHealthMonitor } from './health-monitor.js';
import { createInstanceConnections } from './instance-connections.js';
import { type OpenListener, openListener } from './open-listener.js';
import type { Instance, Route } from './route.js';

/** A load balancer that carries traffic. */
export interface RunningLoadBalancer {
  /** Makes what is open match the load balancer; the same one again only retries what could not be opened. */
  readonly follow: (loadBalancer: LoadBalancer) => Promise<void>;
  readonly stateOf: (instanceId: string) => InstanceState;
  /** The instances that were deregistered and still have connections, by connection draining. */
  readonly draining: () => readonly string[];
  /** Its listeners, and where each is open. */
  readonly listeners: () => readonly { readonly listener: Listener; readonly addresses: readonly string[] }[];
  /** Closes everything, open connections too. */
  readonly close: () => Promise<void>;
}

/** Tells what went wrong without stopping anything, such as a port that cannot be bound. */
export type Warn = (code: 'ListenerNotOpened' | 'DataPlane', message: string) => void;

/** What all load balancers have in common. */
export interface Surroundings {
  readonly addresses: InstanceAddresses;
  /** Of all secure listeners. */
  readonly certificate: CertificateSource;
  readonly warn: Warn;
}

// What makes a listener another one. Policies on it are followed while it is open; its certificate's name changes
// nothing here.
const keyOf = (one: Listener, hosts: readonly string[]): string =>
  [one.protocol, one.loadBalancerPort, one.instanceProtocol, one.instancePort, ...hosts].join(' ');

/** Makes a load balancer run; nothing is open before {@link RunningLoadBalancer.follow}. */
export function runLoadBalancer({ addresses, certificate, warn }: Surroundings): RunningLoadBalancer {
  const connections = createInstanceConnections();
  const health = createHealthMonitor(addresses, (id, inService) => {
    if (inService) connections.comeBack(id);
    else connections.leave(id, current.attributes.connectionDraining);
  });
  const open = new Map<string, OpenListener>();
  const draining = new Set<OpenListener>();
  const failed = new Set<string>();
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

  /** Where a listener is to be opened: not where it would connect to itself without end. */
  function hostsFor({ loadBalancerPort, instancePort }: Listener): readonly string[] {
    const hosts = [current.dnsName, '::1'];
    if (loadBalancerPort !== instancePort) return hosts;
    const taken = new Set(current.instances.map((id) => instanceAddress(addresses, id)));
    return hosts.filter((host) => !taken.has(host));
  }

  async function openOne(key: string, listener: Listener, hosts: readonly string[]): Promise<void> {
    const { loadBalancerName, dnsName } = current;
    const where = `${dnsName}:${listener.loadBalancerPort}`;
    let turn = 0;
    const route: Route = {
      listener,
      loadBalancer: () => current,
      inService,
      nextInstance: () => {
        const ready = inService();
        return ready[turn++ % ready.length];
      },
      connections,
    };
    const onError = (error: Error): void =>
      warn('DataPlane', `${loadBalancerName}: listener on ${where}: ${messageOf(error)}`);
    try {
      if (!hosts.includes(dnsName)) throw new Error('an instance has this address and port');
      const make = (): ReturnType<typeof createListenerServer> => createListenerServer(route, certificate);
      open.set(key, await openListener({ port: listener.loadBalancerPort, hosts, make, onError }));
      failed.delete(key);
    } catch (error) {
      // Said once, and tried again with every change.
      if (!failed.has(key)) {
        warn(
          'ListenerNotOpened',
          `${loadBalancerName}: cannot listen on ${where}: ${bindFailure(error)}. The API goes on; it is tried again with the next change.`,
        );
      }
      failed.add(key);
    }
  }

  function drain(key: string, listener: OpenListener): void {
    open.delete(key);
    draining.add(listener);
    listener.stopAccepting();
    void listener.closed.then(() => draining.delete(listener));
  }

  return {
    follow: async (loadBalancer) => {
      if (current === loadBalancer && failed.size === 0) return;
      const before = running ? current.instances : [];
      running = true;
      current = loadBalancer;
      followInstances(before, loadBalancer.instances);
      health.follow(loadBalancer);
      const wanted = new Map(
        loadBalancer.listeners.map((listener) => {
          const hosts = hostsFor(listener);
          return [keyOf(listener, hosts), { listener, hosts }] as const;
        }),
      );
      for (const key of failed) if (!wanted.has(key)) failed.delete(key);
      for (const [key, one] of open) {
        if (wanted.has(key)) one.follow();
        else drain(key, one);
      }
      for (const [key, { listener, hosts }] of wanted) {
        if (!open.has(key)) await openOne(key, listener, hosts);
      }
    },
    stateOf: health.stateOf,
    draining: () => connections.draining().filter((id) => !current.instances.includes(id)),
    listeners: () =>
      current.listeners.map((listener) => ({
        listener,
        addresses: open.get(keyOf(listener, hostsFor(listener)))?.addresses ?? [],
      })),
    close: async () => {
      health.close();
      connections.close();
      await Promise.all([...open.values(), ...draining].map((one) => one.close()));
    },
  };
}
