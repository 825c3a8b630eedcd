import type { HealthSource } from '../instance-state.js';
import type { Listener, LoadBalancer } from '../shapes.js';
import { instanceState, newInstance } from './instance-health.js';
import { type RunningLoadBalancer, runLoadBalancer, type Surroundings } from './run-load-balancer.js';

/** A listener, and where it can be connected to. */
export interface OpenPort {
  readonly region: string;
  readonly loadBalancerName: string;
  readonly listener: Listener;
  /** `127.0.1.1:443`, `[::1]:443`; empty if its port could not be bound. */
  readonly addresses: readonly string[];
}

/** Carries the traffic of Classic Load Balancers and knows the health of their instances. */
export interface DataPlane extends HealthSource {
  /**
   * Opens and closes listeners to match these load balancers, of all regions. The control plane calls it after each
   * change and waits for it before it answers, so that a new listener accepts connections at once.
   */
  readonly reconcile: (loadBalancers: readonly LoadBalancer[]) => Promise<void>;
  readonly openPorts: () => readonly OpenPort[];
  /** Closes all that is open. */
  readonly close: () => Promise<void>;
}

const keyOf = ({ region, loadBalancerName }: LoadBalancer): string => `${region}/${loadBalancerName}`;

/** Makes a data plane without a load balancer. */
export function createDataPlane(surroundings: Surroundings): DataPlane {
  const running = new Map<string, { loadBalancer: LoadBalancer; readonly traffic: RunningLoadBalancer }>();
  return {
    reconcile: async (loadBalancers) => {
      const wanted = new Set(loadBalancers.map(keyOf));
      const gone = [...running].filter(([key]) => !wanted.has(key));
      for (const [key] of gone) running.delete(key);
      // Before anything is opened: if all share one address, a port must be free again.
      await Promise.all(gone.map(([, { traffic }]) => traffic.close()));
      for (const loadBalancer of loadBalancers) {
        const key = keyOf(loadBalancer);
        const one = running.get(key) ?? { loadBalancer, traffic: runLoadBalancer(surroundings) };
        one.loadBalancer = loadBalancer;
        running.set(key, one);
        await one.traffic.follow(loadBalancer);
      }
    },
    stateOf: (loadBalancer, id) =>
      running.get(keyOf(loadBalancer))?.traffic.stateOf(id) ?? instanceState(newInstance),
    draining: (loadBalancer) => running.get(keyOf(loadBalancer))?.traffic.draining() ?? [],
    openPorts: () =>
      [...running.values()].flatMap(({ loadBalancer: { region, loadBalancerName }, traffic }) =>
        traffic.listeners().map((one) => ({ region, loadBalancerName, ...one })),
      ),
    close: async () => {
      await Promise.all([...running.values()].map(({ traffic }) => traffic.close()));
      running.clear();
    },
  };
}
