import type { TargetGroupV2, TargetV2 } from './shapes.js';

/** A target's state as DescribeTargetHealth reports it. */
export interface TargetState {
  readonly state: 'initial' | 'healthy' | 'unhealthy' | 'unhealthy.draining' | 'unused' | 'draining';
  /** Absent if it is healthy. */
  readonly reason?: string | undefined;
  readonly description?: string | undefined;
}

/** Knows the state of registered targets. */
export interface TargetHealthSource {
  /** For a target of a group that a load balancer uses. */
  readonly stateOf: (group: TargetGroupV2, target: TargetV2) => TargetState;
  /** The targets that were deregistered and still have connections. */
  readonly draining: (group: TargetGroupV2) => readonly TargetV2[];
}

/** Without a data plane nothing is checked, and every registered target counts as healthy. */
export const assumedTargetHealth: TargetHealthSource = {
  stateOf: () => ({ state: 'healthy' }),
  draining: () => [],
};

// The service's own descriptions, as far as they are known.

/** No listener forwards to its group. */
export const notInUse: TargetState = {
  state: 'unused',
  reason: 'Target.NotInUse',
  description: 'Target group is not configured to receive traffic from the load balancer',
};

/** It was asked for, and is not registered. */
export const notRegistered: TargetState = {
  state: 'unused',
  reason: 'Target.NotRegistered',
  description: 'Target is not registered to the target group',
};

/** It was deregistered, and still has connections. */
export const deregistering: TargetState = {
  state: 'draining',
  reason: 'Target.DeregistrationInProgress',
  description: 'Target deregistration is in progress',
};
