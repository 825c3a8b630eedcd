import type { LoadBalancerIdentity } from '../core/model.js';
import type { Step } from '../core/step.js';

/** The progress of a watch. Times in milliseconds. */
export interface WatchProgress {
  readonly name: string;
  /** Passing now, and until now. */
  readonly passing: boolean;
  /** The failing check, and its place. */
  readonly failing?: string | undefined;
  readonly heldMs: number;
  readonly holdMs: number;
}

/** An event that a use case reports while it works. Codes are stable; use cases never print. */
export type AppEvent =
  | {
      readonly code: 'step-started';
      readonly loadBalancer: LoadBalancerIdentity;
      readonly step: Step;
      readonly direction: 'forward' | 'back';
    }
  | {
      readonly code: 'step-done';
      readonly loadBalancer: LoadBalancerIdentity;
      readonly step: Step;
      readonly direction: 'forward' | 'back';
      readonly requestId?: string | undefined;
      /** The answer was lost; reading again showed that the write had happened. */
      readonly answerLost: boolean;
    }
  | {
      readonly code: 'waiting';
      readonly why:
        | 'throttled'
        | 'slow-read'
        | 'read-failed'
        | 'answer-lost'
        | 'name-taken'
        | 'old-read'
        | 'maybe-old';
      /** Milliseconds until the next try. */
      readonly ms: number;
    }
  | {
      /** A write that the service may have accepted does not show in its answers. */
      readonly code: 'not-shown-yet';
      readonly loadBalancer: LoadBalancerIdentity;
      readonly step: Step;
      /** How long it has not shown, in milliseconds. */
      readonly ms: number;
      /** Milliseconds after which the run gives up. */
      readonly atMostMs: number;
    }
  | {
      /** A call was sent, and no answer has come. */
      readonly code: 'no-answer-yet';
      readonly loadBalancer: LoadBalancerIdentity;
      readonly ms: number;
      readonly atMostMs: number;
    }
  | {
      /** The rate limit makes a run take longer than expected. */
      readonly code: 'held-back';
      readonly region: string;
      /** Calls that will certainly be made; there may be more. */
      readonly calls: number;
      /** Milliseconds that they are held back in all. */
      readonly ms: number;
      /** Calls a second. */
      readonly perSecond: number;
    }
  | {
      /** One of several load balancers is changed, and the guard, if there is one, has passed. */
      readonly code: 'load-balancer-done';
      readonly loadBalancer: LoadBalancerIdentity;
      readonly done: number;
      readonly total: number;
    }
  | {
      /** A change is being watched; emitted at each check. */
      readonly code: 'guard-watching';
      readonly where: readonly {
        readonly loadBalancer: LoadBalancerIdentity;
        /** For a Classic load balancer. */
        readonly instancePort?: number | undefined;
        /** The target group's name, of a Network Load Balancer. */
        readonly targetGroup?: string | undefined;
      }[];
      readonly progress: readonly WatchProgress[];
    }
  | {
      /** A guard's targets have changed, which is not a failure; or it may not notice a fault. */
      readonly code: 'guard-note';
      readonly loadBalancer: LoadBalancerIdentity;
      readonly probe: string;
      readonly message: string;
    }
  | { readonly code: 'rolling-back'; readonly reason: string }
  | { readonly code: 'warning'; readonly message: string };

/** Takes the events of a use case. */
export type Emit = (event: AppEvent) => void;
