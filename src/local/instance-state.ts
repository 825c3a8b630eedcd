import type { LoadBalancer } from './state.js';

/**
 * What carries the traffic: it opens a load balancer's listeners at its `dnsName`, and forwards.
 *
 * The control plane tells it the whole world after each change (and once at the start) and waits for it
 * before it answers, so that a listener which was just created can be connected to.
 */
export interface DataPlane {
  /**
   * Makes what is open match these load balancers, of all regions. It deals with a port that cannot be
   * bound by itself; when it rejects all the same, that is told as a warning and the API call stands.
   */
  reconcile(loadBalancers: readonly LoadBalancer[]): Promise<void>;
  /** Closes all that is open. */
  close(): Promise<void>;
}

/** What DescribeInstanceHealth says of one registered instance. */
export interface InstanceState {
  readonly state: 'InService' | 'OutOfService' | 'Unknown';
  readonly reasonCode: 'ELB' | 'Instance' | 'N/A';
  readonly description: string;
}

/** Who knows how registered instances are. */
export interface HealthSource {
  stateOf(loadBalancer: LoadBalancer, instanceId: string): InstanceState;
}

/** Without a data plane nothing is checked, and every registered instance counts as healthy. */
export const assumedHealth: HealthSource = {
  stateOf: () => ({ state: 'InService', reasonCode: 'N/A', description: 'N/A' }),
};
