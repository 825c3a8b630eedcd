import type { Surroundings } from '../../data-plane/run-load-balancer.js';
import type { State } from '../../shapes.js';
import { listenersOf } from '../found.js';
import type { ListenerV2, LoadBalancerV2, TargetGroupV2 } from '../shapes.js';
import type { TargetHealthSource } from '../target-state.js';
import { type RunningNetworkLoadBalancer, runNetworkLoadBalancer } from './run-network-load-balancer.js';
import { newTarget, targetState } from './target-health.js';

/** A listener of a Network Load Balancer, and where it can be connected to. */
export interface OpenNetworkPort {
  readonly region: string;
  readonly loadBalancerName: string;
  readonly listener: ListenerV2;
  /** `127.0.1.1:443`, `[::1]:443`; empty if its port could not be bound, or it is not carried here. */
  readonly addresses: readonly string[];
}

/** Carries the traffic of Network Load Balancers and knows the health of their targets. */
export interface NetworkDataPlane extends TargetHealthSource {
  /** Opens and closes listeners to match all load balancers of all regions. */
  readonly reconcile: (state: Pick<State, 'elbv2'>) => Promise<void>;
  readonly openPorts: () => readonly OpenNetworkPort[];
  /** Closes all that is open. */
  readonly close: () => Promise<void>;
}

interface Running {
  loadBalancer: LoadBalancerV2;
  readonly traffic: RunningNetworkLoadBalancer;
}

/** Makes a data plane without a load balancer. */
export function createNetworkDataPlane(surroundings: Surroundings): NetworkDataPlane {
  const running = new Map<string, Running>();
  const groupAt = ({ arn }: TargetGroupV2) => {
    for (const { traffic } of running.values()) {
      const found = traffic.group(arn);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return {
    reconcile: async (state) => {
      const { elbv2 } = state;
      const wanted = elbv2.loadBalancers.filter(({ type }) => type === 'network');
      const arns = new Set(wanted.map(({ arn }) => arn));
      const gone = [...running].filter(([arn]) => !arns.has(arn));
      for (const [arn] of gone) running.delete(arn);
      // Before anything is opened: if all share one address, a port must be free again.
      await Promise.all(gone.map(([, { traffic }]) => traffic.close()));
      const groups = new Map(elbv2.targetGroups.map((one) => [one.arn, one]));
      for (const loadBalancer of wanted) {
        const { arn } = loadBalancer;
        const one = running.get(arn) ?? { loadBalancer, traffic: runNetworkLoadBalancer(surroundings) };
        one.loadBalancer = loadBalancer;
        running.set(arn, one);
        const listeners = listenersOf(state, arn);
        const used = new Set(listeners.flatMap(({ targetGroups }) => targetGroups.map((to) => to.arn)));
        await one.traffic.follow({
          loadBalancer,
          listeners,
          groups: [...used].flatMap((of) => groups.get(of) ?? []),
        });
      }
    },
    stateOf: (group, target) => groupAt(group)?.stateOf(target) ?? targetState(newTarget),
    draining: (group) => groupAt(group)?.draining() ?? [],
    openPorts: () =>
      [...running.values()].flatMap(({ loadBalancer: { region, name }, traffic }) =>
        traffic.listeners().map((one) => ({ region, loadBalancerName: name, ...one })),
      ),
    close: async () => {
      await Promise.all([...running.values()].map(({ traffic }) => traffic.close()));
      running.clear();
    },
  };
}
