import type { LoadBalancer } from '../core/model.js';
import type { GroupState } from '../core/network/group-state.js';
import type { Step } from '../core/step.js';

/** What a read gives of what is switched: a Classic load balancer, or a target group. */
export type Fresh = LoadBalancer | GroupState;

/** What was read of what is switched, and how old that is. */
export interface Reading<F extends Fresh = Fresh> {
  /** Undefined where there is none, as the service says. */
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
  /** All at once: where nothing that is replaced is to be written on it. */
  | 'side-by-side';

/** In which order to read what a step is to rest on; undefined where none is to come. */
export function orderFor(step: Step | undefined): ReadOrder {
  return step?.call === 'SetLoadBalancerPoliciesForBackendServer' ||
    step?.call === 'ModifyTargetGroupAttributes'
    ? 'replaced-last'
    : 'side-by-side';
}
