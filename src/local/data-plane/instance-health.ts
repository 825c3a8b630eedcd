import type { InstanceState } from '../instance-state.js';
import type { HealthCheck } from '../shapes.js';

/** An instance's health as its load balancer sees it. */
export interface InstanceHealth {
  /**
   * `registering`: not in service yet, and not checked often enough to say that it failed.
   * `never-in-service`: it failed from the start. `failed`: it was in service before.
   */
  readonly kind: 'registering' | 'never-in-service' | 'in-service' | 'failed';
  /** How many checks in a row contradicted the present kind. */
  readonly streak: number;
}

/** An instance that was just registered. */
export const newInstance: InstanceHealth = { kind: 'registering', streak: 0 };

const inService: InstanceHealth = { kind: 'in-service', streak: 0 };

/**
 * The health after one more check. The thresholds count for instances that were in service; one that never was needs a
 * single passed check, so that there is no wait of five minutes here.
 */
export function afterCheck(
  health: InstanceHealth,
  passed: boolean,
  thresholds: Pick<HealthCheck, 'healthyThreshold' | 'unhealthyThreshold'>,
): InstanceHealth {
  const { kind } = health;
  const streak = health.streak + 1;
  switch (kind) {
    case 'registering':
      if (passed) return inService;
      return streak < thresholds.unhealthyThreshold
        ? { kind, streak }
        : { kind: 'never-in-service', streak: 0 };
    case 'never-in-service':
      return passed ? inService : health;
    case 'in-service':
      if (passed) return inService;
      return streak < thresholds.unhealthyThreshold ? { kind, streak } : { kind: 'failed', streak: 0 };
    case 'failed':
      if (!passed) return { kind, streak: 0 };
      return streak < thresholds.healthyThreshold ? { kind, streak } : inService;
  }
}

/** Health as DescribeInstanceHealth reports it, in the service's own words. */
export function instanceState({ kind }: InstanceHealth): InstanceState {
  switch (kind) {
    case 'registering':
      return {
        state: 'OutOfService',
        reasonCode: 'ELB',
        description: 'Instance registration is still in progress.',
      };
    case 'in-service':
      return { state: 'InService', reasonCode: 'N/A', description: 'N/A' };
    case 'never-in-service':
    case 'failed':
      return {
        state: 'OutOfService',
        reasonCode: 'Instance',
        description:
          'Instance has failed at least the UnhealthyThreshold number of health checks consecutively.',
      };
  }
}
