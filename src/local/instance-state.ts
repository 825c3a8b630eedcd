import type { LoadBalancer } from './shapes.js';

/** A registered instance's state as DescribeInstanceHealth reports it. */
export interface InstanceState {
  readonly state: 'InService' | 'OutOfService' | 'Unknown';
  readonly reasonCode: 'ELB' | 'Instance' | 'N/A';
  readonly description: string;
}

/** Knows the state of registered instances. */
export interface HealthSource {
  readonly stateOf: (loadBalancer: LoadBalancer, instanceId: string) => InstanceState;
  /** The instances that were deregistered and still have connections, by connection draining. */
  readonly draining: (loadBalancer: LoadBalancer) => readonly string[];
}

/** Without a data plane nothing is checked, and every registered instance counts as healthy. */
export const assumedHealth: HealthSource = {
  stateOf: () => ({ state: 'InService', reasonCode: 'N/A', description: 'N/A' }),
  draining: () => [],
};
