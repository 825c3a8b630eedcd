import type { Listener, LoadBalancer } from '../shapes.js';
import type { InstanceConnections } from './instance-connections.js';
import type { SourceAddress } from './source-address.js';

/** An instance, and where it is. */
export interface Instance {
  readonly id: string;
  readonly address: string;
}

/** How a listener forwards; asked for each connection, so that a change counts from the next one on. */
export interface Route {
  readonly listener: Listener;
  /** The load balancer as it is now. */
  readonly loadBalancer: () => LoadBalancer;
  /** The instances that are InService. */
  readonly inService: () => readonly Instance[];
  /** The one of them whose turn it is; undefined when there is none. */
  readonly nextInstance: () => Instance | undefined;
  /** The open connections to instances. */
  readonly connections: InstanceConnections;
  readonly sourceAddress: SourceAddress;
}

/** The policies that are on the route's listener now. */
export function listenerPolicies({ listener, loadBalancer }: Route): LoadBalancer['policies'] {
  const { listeners, policies } = loadBalancer();
  const names = listeners.find((one) => one.loadBalancerPort === listener.loadBalancerPort)?.policyNames;
  return policies.filter(({ policyName }) => names?.includes(policyName));
}
