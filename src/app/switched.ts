import type { Moved } from '../core/drift.js';
import type { LoadBalancerIdentity } from '../core/model.js';
import type { StepReference } from '../core/record.js';
import type { Sight } from '../core/sight.js';
import type { Step } from '../core/step.js';
import type { ElbProxyError } from '../errors.js';
import type { Objection, Progress, Verdict } from './objection.js';
import type { CallEffect, Clock, MaySend, Written } from './ports.js';
import type { Fresh, Reading, ReadOrder } from './reading.js';

/** A step that was written, or may have been. */
export interface WrittenStep<S extends Step = Step> {
  readonly loadBalancer: LoadBalancerIdentity;
  /** With the list as the service shows it. */
  readonly step: S;
  /** Whether a read showed it. If not, it may still show up. */
  readonly seen: boolean;
  /** Whether the service said that it took it. */
  readonly taken: boolean;
}

/** The switched thing, of either kind, as the one way to write needs it. Steps and readings of both kinds never mix. */
export interface Switched<S extends Step = Step, F extends Fresh = Fresh> {
  readonly loadBalancer: LoadBalancerIdentity;
  /** The custom endpoint in use, if any. */
  readonly endpoint?: string | undefined;
  /** How often a call may be tried, if the user has set it. */
  readonly maxAttempts?: number | undefined;
  /** Makes ready what the first write would otherwise have to wait for; sends nothing. */
  readonly readyToWrite?: (() => Promise<void>) | undefined;
  /** What a failure of one of the writes says about its effect. */
  effectOf(error: unknown): CallEffect;
  /** Confirms the address that the plan gives, if no reading shows it. @throws ElbProxyError of code `stale-plan` */
  readonly confirmAddress?: (() => Promise<void>) | undefined;
  /** The differences that show it to be another one, if no reading does; asked once, before anything is written. */
  readonly movedBefore?: (() => Promise<readonly Moved[]>) | undefined;
  /** @throws ElbProxyError of code `incomplete-answer` if the service left out what a write rests on */
  read(clock: Pick<Clock, 'now'>, order: ReadOrder): Promise<Reading<F>>;
  /** The differences in a reading which show that this is no longer the same load balancer or group. */
  movedFrom(fresh: F): readonly Moved[];
  sightOf(step: S, fresh: F): Sight;
  /** The reading as it would be without the step: sending it once more changes nothing. */
  without(step: S, fresh: F): F;
  /** Sends the step's call once. */
  call(step: S, maySend: MaySend): Promise<Written>;
  /** The objection to a change that is on its way. */
  objection(fresh: F | undefined, progress: Progress<S>): Verdict<ElbProxyError> | undefined;
  /** The objection to taking one of its steps back. */
  objectionBack(standing: WrittenStep<S>, fresh: F | undefined): Verdict<Objection> | undefined;
  /** A list in the order in which the service shows it, where that is another than was written, and what to say of it. */
  shownAs?(step: S, fresh: F): { readonly list: readonly string[]; readonly message: string } | undefined;
}

/** A step that this run may have put into effect. */
export interface StandingWrite extends WrittenStep {
  readonly switched: Switched;
  readonly reference: StepReference;
  /** Whether reads were made until patience ended, and did not show it. */
  readonly waited: boolean;
}
