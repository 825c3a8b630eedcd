import { type InstanceHealth, newInstance } from '../../data-plane/instance-health.js';
import type { TargetState } from '../target-state.js';
import type { CheckResult } from './check-target.js';

/** A target's health as its load balancer sees it. */
export interface TargetHealth {
  readonly health: InstanceHealth;
  /** The check that failed last. */
  readonly failure: Extract<CheckResult, { readonly passed: false }> | undefined;
}

/** A target that was just registered. */
export const newTarget: TargetHealth = { health: newInstance, failure: undefined };

/** Health as DescribeTargetHealth reports it. */
export function targetState({ health, failure }: TargetHealth): TargetState {
  switch (health.kind) {
    case 'registering':
      return {
        state: 'initial',
        reason: 'Elb.InitialHealthChecking',
        description: 'Initial health checks in progress',
      };
    case 'in-service':
      return { state: 'healthy' };
    case 'never-in-service':
    case 'failed':
      return {
        state: 'unhealthy',
        reason: failure?.reason ?? 'Target.FailedHealthChecks',
        description: failure?.description ?? 'Health checks failed',
      };
  }
}
