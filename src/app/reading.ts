import type { LoadBalancer } from '../core/model.js';
import type { GroupState } from '../core/network/group-state.js';
import type { Step } from '../core/step.js';

/** What a read returns: a Classic load balancer, or a target group. */
export type Fresh = LoadBalancer | GroupState;

/** What was read of what is switched, and how old that is. */
export interface Reading<F extends Fresh = Fresh> {
  /** Undefined if it does not exist, according to the service. */
  readonly fresh: F | undefined;
  /** When the answer with what a write replaces arrived: milliseconds of the wall clock, which goes on while a process is suspended. */
  readonly at: number;
  /** How long all answers took to come, in milliseconds. */
  readonly tookMs: number;
}

/** In which order a read is put together. */
export type ReadOrder =
  /** What a write replaces is read last: whatever someone else writes until then is seen. */
  | 'replaced-last'
  /** All at once: if no write that replaces something is based on it. */
  | 'side-by-side';

/** The order in which to read what a step is based on; undefined if no step follows. */
export function orderFor(step: Step | undefined): ReadOrder {
  return step?.call === 'SetLoadBalancerPoliciesForBackendServer' ||
    step?.call === 'ModifyTargetGroupAttributes'
    ? 'replaced-last'
    : 'side-by-side';
}
