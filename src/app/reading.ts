import type { LoadBalancer } from '../core/model.js';
import type { GroupState } from '../core/network/group-state.js';
import type { Step } from '../core/step.js';

/** The state that a read returns: a Classic load balancer, or a target group. */
export type Fresh = LoadBalancer | GroupState;

/** The state of a load balancer or group, and the age of the read. */
export interface Reading<F extends Fresh = Fresh> {
  /** Undefined if, according to the service, it does not exist. */
  readonly fresh: F | undefined;
  /** When the state that a write replaces was read: wall-clock milliseconds, which go on while a process is suspended. */
  readonly at: number;
  /** How long all answers took to come, in milliseconds. */
  readonly tookMs: number;
}

/** The order of a read's calls. */
export type ReadOrder =
  /** The state that a write replaces is read last, to see everyone else's writes until then. */
  | 'replaced-last'
  /** All at once: for reads that no replacing write is based on. */
  | 'side-by-side';

/** The read order for a step; undefined if no step follows. */
export function orderFor(step: Step | undefined): ReadOrder {
  return step?.call === 'SetLoadBalancerPoliciesForBackendServer' ||
    step?.call === 'ModifyTargetGroupAttributes'
    ? 'replaced-last'
    : 'side-by-side';
}
