import { type InstanceAddresses, instanceAddress } from '../instance-address.js';
import type { InstanceState } from '../instance-state.js';
import type { HealthCheck, LoadBalancer } from '../shapes.js';
import { restartChecks } from './check-again.js';
import { checkInstance, healthTarget } from './check-instance.js';
import { afterCheck, type InstanceHealth, instanceState, newInstance } from './instance-health.js';
import { sendsProxyLine } from './sends-proxy-line.js';

/** Checks the instances of one load balancer. */
export interface HealthMonitor {
  /** Starts and stops checks to match the registrations; a changed check starts at once. */
  readonly follow: (loadBalancer: LoadBalancer) => void;
  readonly stateOf: (instanceId: string) => InstanceState;
  readonly isInService: (instanceId: string) => boolean;
  /** Ends all checks, also those under way. */
  readonly close: () => void;
}

/** Called when an instance comes into service, or goes out of it because its checks failed. */
export type OnHealthChange = (instanceId: string, inService: boolean) => void;

interface Watched {
  health: InstanceHealth;
  checks: AbortController;
}

const sameCheck = (a: HealthCheck, b: HealthCheck): boolean =>
  a.target === b.target &&
  a.interval === b.interval &&
  a.timeout === b.timeout &&
  a.unhealthyThreshold === b.unhealthyThreshold &&
  a.healthyThreshold === b.healthyThreshold;

/** Makes the monitor of a load balancer; nothing is checked before {@link HealthMonitor.follow}. */
export function createHealthMonitor(
  addresses: InstanceAddresses,
  onChange: OnHealthChange = () => undefined,
): HealthMonitor {
  const instances = new Map<string, Watched>();
  let current: LoadBalancer;

  function check(id: string, signal: AbortSignal): Promise<boolean> {
    const { healthCheck, dnsName } = current;
    const target = healthTarget(healthCheck.target);
    const address = instanceAddress(addresses, id);
    return checkInstance({
      target,
      address,
      // An instance elsewhere could not answer to a loopback address.
      localAddress: address.startsWith('127.') ? dnsName : undefined,
      proxy: sendsProxyLine(current, target.port),
      timeoutMs: healthCheck.timeout * 1000,
      signal,
    });
  }

  // Each check is made with the load balancer as it is by then.
  function begin(id: string, watched: Watched): void {
    restartChecks(watched, {
      check: (signal) => check(id, signal),
      onResult: (passed) => {
        const was = watched.health.kind === 'in-service';
        watched.health = afterCheck(watched.health, passed, current.healthCheck);
        const is = watched.health.kind === 'in-service';
        if (is !== was) onChange(id, is);
      },
      intervalMs: () => current.healthCheck.interval * 1000,
    });
  }

  function leave(id: string, { checks }: Watched): void {
    checks.abort();
    instances.delete(id);
  }

  return {
    follow: (loadBalancer) => {
      const changed = instances.size > 0 && !sameCheck(current.healthCheck, loadBalancer.healthCheck);
      current = loadBalancer;
      for (const [id, watched] of instances) {
        if (!loadBalancer.instances.includes(id)) leave(id, watched);
        else if (changed) {
          watched.health = { ...watched.health, streak: 0 };
          begin(id, watched);
        }
      }
      for (const id of loadBalancer.instances) {
        if (instances.has(id)) continue;
        const watched = { health: newInstance, checks: new AbortController() };
        instances.set(id, watched);
        begin(id, watched);
      }
    },
    stateOf: (id) => instanceState(instances.get(id)?.health ?? newInstance),
    isInService: (id) => instances.get(id)?.health.kind === 'in-service',
    close: () => {
      for (const [id, watched] of instances) leave(id, watched);
    },
  };
}
