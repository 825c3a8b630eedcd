import { movedIdentity, redefinedPolicies, showList } from '../core/drift.js';
import { invertStep } from '../core/invert.js';
import { sameList } from '../core/merge.js';
import { type LoadBalancer, type LoadBalancerIdentity, policyNamesOn } from '../core/model.js';
import type { Leftover } from '../core/report.js';
import { sightOf } from '../core/sight.js';
import { messageOf } from '../errors.js';
import type { Verdict } from './last-read.js';
import { leftover } from './leftover.js';
import { observe, touchedMs } from './observe.js';
import type { StandingWrite } from './standing-write.js';
import type { WriteContext } from './write-context.js';
import { writeStep } from './write-step.js';

/** How taking one step back went; `left` says what is, or may be, still there. */
export type TakenBack =
  | { readonly kind: 'rolled-back'; readonly requestId?: string | undefined }
  | {
      readonly kind: 'left';
      readonly leftover: Leftover;
      /** Whether it is still in effect is not known. */
      readonly inDoubt: boolean;
    };

/** Why a step is not taken back. */
interface Objection {
  readonly why: string;
  /** It is not known whether the step is still in effect. */
  readonly inDoubt: boolean;
  /** A policy that is on a port changes traffic. */
  readonly used?: boolean | undefined;
  /** The load balancer was deleted, and all that was on it with it: a newer one has its name. */
  readonly gone?: boolean | undefined;
}

/**
 * Takes one step back by a call of its own, only where things are still as this run left them: no read alone is
 * believed that a step is back already. What someone else has changed since is not touched. Not interrupted by a
 * signal: it is the way to a known state.
 *
 * @param stillUsed why a policy that this run made may be on a port: then it is left
 */
export async function takeBack(
  standing: StandingWrite,
  context: WriteContext,
  stillUsed?: string,
): Promise<TakenBack> {
  const { api, loadBalancer, step } = standing;
  // A write that was not seen may show by now; one that nothing was read of is waited for.
  const look =
    standing.seen || standing.waited || stillUsed !== undefined
      ? undefined
      : await observe(api, loadBalancer, step, context, context.settleMs);
  const shows = look?.kind === 'seen' && look.sight.kind === 'after';
  const write = { ...standing, seen: standing.seen || shows };
  const left = (objection: Objection, tried: boolean): TakenBack => ({
    kind: 'left',
    leftover: leftover(write, context, objection.why, {
      tried,
      // Only what is known to be on no port changes no traffic.
      harmless: step.call === 'CreateLoadBalancerPolicy' && objection.used !== true && !objection.inDoubt,
    }),
    inDoubt: objection.inDoubt,
  });
  if (stillUsed !== undefined) return left({ why: stillUsed, inDoubt: !write.seen, used: true }, false);
  // Written once more because the read behind the plan may have been old: what was there then was never seen.
  if ('before' in step && sameList(step.before, step.after))
    return left({ why: 'what was there before was not seen', inDoubt: true }, false);
  const result = await writeStep(
    {
      api,
      loadBalancer,
      step: invertStep(step),
      reference: { ...write.reference, direction: 'back' },
      check: (fresh) => objectionTo(write, fresh),
    },
    { ...context, signal: undefined },
  );
  switch (result.kind) {
    case 'done':
      return { kind: 'rolled-back', requestId: result.requestId };
    case 'stopped':
      return result.stop.gone === true ? { kind: 'rolled-back' } : left(result.stop, false);
    case 'overwritten':
      return left({ why: result.why ?? 'something else changed it meanwhile', inDoubt: true }, true);
    case 'failed':
      return left({ why: messageOf(result.error), inDoubt: !write.seen }, true);
    case 'unknown':
      return left({ why: reasonIn(result.error), inDoubt: true }, true);
  }
}

/** An objection on the way back is not an error. */
function reasonIn(error: unknown): string {
  return typeof error === 'object' && error !== null && 'why' in error ? String(error.why) : messageOf(error);
}

/** A name is free again only once its load balancer is deleted. */
function isYounger({ createdTime }: LoadBalancerIdentity, than: LoadBalancerIdentity): boolean {
  return createdTime !== undefined && than.createdTime !== undefined && createdTime > than.createdTime;
}

/** What a read shows may be behind: worth reading again, and not known in the end. */
const doubt = (why: string): Verdict<Objection> => ({ stop: { why, inDoubt: true }, maybeOld: true });

/** Why a step is not to be taken back now, by what was read; nothing where it is. */
function objectionTo(
  { step, loadBalancer, seen, taken }: StandingWrite,
  fresh: LoadBalancer | undefined,
): Verdict<Objection> | undefined {
  const known = (why: string): Verdict<Objection> => ({ stop: { why, inDoubt: !seen } });
  if (fresh === undefined) return doubt('the service knows no load balancer of that name');
  if (isYounger(fresh, loadBalancer)) return { stop: { why: 'it is gone', inDoubt: false, gone: true } };
  if (movedIdentity(loadBalancer, fresh).length > 0)
    return doubt('the load balancer of that name is another one now');
  const inverse = invertStep(step);
  const { kind, reordered } = sightOf(inverse, fresh);
  switch (inverse.call) {
    case 'SetLoadBalancerPoliciesForBackendServer': {
      // The list from before: an old read, or someone put it back. To write it again is right in both cases, but not
      // where reads are known to be behind: then the list that is really there was never seen.
      // In another order than it had it is someone else's.
      const asBefore = kind === 'after' && reordered !== true;
      if (asBefore && taken && !seen) return doubt('no read has shown the list that was written');
      if (asBefore) return undefined;
      if (kind === 'before') {
        const redefined = redefinedPolicies(inverse, fresh);
        return redefined.length === 0
          ? undefined
          : known(`something else has redefined ${redefined.join(', ')}, which was on its list`);
      }
      const found = showList(policyNamesOn(fresh, inverse.instancePort));
      const why = `something else changed the list meanwhile: it is ${found}`;
      // What is left of this run's own list on it is still in effect.
      const ours = seen && ['touched', 'after'].includes(sightOf(step, fresh).kind);
      return { stop: { why, inDoubt: !ours }, maybeOld: true, patienceMs: ours ? touchedMs : undefined };
    }
    case 'CreateLoadBalancerPolicy':
      // Made again also where a read shows it: that may be from before it was deleted.
      return kind === 'other' ? known('another policy has the name') : undefined;
    case 'DeleteLoadBalancerPolicy': {
      if (kind === 'other') return known(`another policy of that name was made meanwhile`);
      if (kind === 'after') return doubt('the service does not list it');
      const user = fresh.backendServers.find(({ policyNames }) => policyNames.includes(inverse.policyName));
      const why = `instance port ${user?.instancePort} uses it, as the service says`;
      return user && { stop: { why, inDoubt: !seen, used: true }, maybeOld: true };
    }
  }
}
