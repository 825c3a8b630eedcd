import { awsCommand } from '../core/aws-command.js';
import { movedIdentity, redefinedPolicies, showList } from '../core/drift.js';
import { invertStep } from '../core/invert.js';
import { type LoadBalancer, type LoadBalancerIdentity, policyNamesOn } from '../core/model.js';
import { nextCommand } from '../core/next-command.js';
import type { StepReference } from '../core/record.js';
import type { Leftover } from '../core/report.js';
import type { Step } from '../core/step.js';
import { observe, sightOf } from './observe.js';
import type { ElasticLoadBalancing } from './ports.js';
import { type WriteContext, writeStep } from './write-step.js';

/** A step that this run may have put into effect. */
export interface StandingWrite {
  readonly api: ElasticLoadBalancing;
  readonly loadBalancer: LoadBalancerIdentity;
  readonly step: Step;
  readonly reference: StepReference;
  /** Whether reading showed what became of it. If not, it may still show up. */
  readonly seen: boolean;
}

/** How taking one step back went; `left` says what is, or may be, still there. */
export type TakenBack =
  | { readonly kind: 'rolled-back'; readonly requestId?: string | undefined }
  | {
      readonly kind: 'left';
      readonly leftover: Leftover;
      /** It was tried, and whether it is back is not known. */
      readonly inDoubt: boolean;
    };

/**
 * Takes one step back, only where things are still as this run left them. What somebody else has changed since
 * is not touched. Not interrupted by a signal: it is the way to a known state.
 */
export async function takeBack(write: StandingWrite, context: WriteContext): Promise<TakenBack> {
  const { api, loadBalancer, step } = write;
  const inverse = invertStep(step);
  // What one read does not show yet must not be taken for back already.
  if (!write.seen) await observe(api, loadBalancer.name, step, context);
  const result = await writeStep(
    api,
    loadBalancer,
    inverse,
    { ...write.reference, direction: 'back' },
    (fresh) => objection(inverse, loadBalancer, fresh),
    { ...context, signal: undefined },
  );
  const stillThere = (why: string): TakenBack => ({
    kind: 'left',
    leftover: left(write, context, why, result.kind !== 'stopped'),
    inDoubt: result.kind === 'overwritten' || result.kind === 'unknown',
  });
  switch (result.kind) {
    case 'done':
      return { kind: 'rolled-back', requestId: result.requestId };
    case 'stopped':
      return result.stop === 'already' ? { kind: 'rolled-back' } : stillThere(result.stop);
    case 'overwritten':
      return stillThere('somebody else changed it while it was put back');
    case 'failed':
    case 'unknown':
      return stillThere(result.error instanceof Error ? result.error.message : String(result.error));
  }
}

/** Why a step is not to be taken back: it is back already, or it is not ours any more. */
function objection(
  inverse: Step,
  pinned: LoadBalancerIdentity,
  fresh: LoadBalancer | undefined,
): string | undefined {
  if (fresh === undefined || movedIdentity(pinned, fresh).length > 0) return 'already';
  const sight = sightOf(inverse, fresh);
  if (sight.kind === 'after') return 'already';
  if (inverse.call === 'SetLoadBalancerPoliciesForBackendServer') {
    if (sight.kind === 'before') {
      const redefined = redefinedPolicies(inverse, fresh);
      return redefined.length === 0
        ? undefined
        : `somebody has redefined ${redefined.join(', ')}, which stood on its list`;
    }
    const found = policyNamesOn(fresh, inverse.instancePort);
    const ours = inverse.before.filter((name) => !inverse.after.includes(name));
    const taken = inverse.after.filter((name) => !inverse.before.includes(name));
    // Somebody has replaced the list and nothing of this run is left in it: there is nothing to put back.
    if (!ours.some((name) => found.includes(name)) && taken.every((name) => found.includes(name)))
      return 'already';
    return `somebody else changed the list meanwhile: it is ${showList(found)}`;
  }
  if (inverse.call === 'CreateLoadBalancerPolicy')
    return sight.kind === 'before' ? undefined : 'another policy has the name';
  const user = fresh.backendServers.find(({ policyNames }) => policyNames.includes(inverse.policyName));
  return user === undefined ? undefined : `instance port ${user.instancePort} uses it now`;
}

/** @param tried whether it was tried: a policy that was left because a port uses it is not to be deleted by hand either */
function left(
  { api, loadBalancer, step }: StandingWrite,
  { changeId }: WriteContext,
  why: string,
  tried: boolean,
): Leftover {
  const { name, region } = loadBalancer;
  const undo = nextCommand('undo', [changeId]);
  switch (step.call) {
    case 'CreateLoadBalancerPolicy':
      return {
        loadBalancer: name,
        region,
        message: `policy ${step.policyName} is still on the load balancer (${why})`,
        harmless: true,
        ...(tried
          ? {
              command: awsCommand(loadBalancer, invertStep(step), api.endpoint),
            }
          : {}),
      };
    case 'DeleteLoadBalancerPolicy':
      return {
        loadBalancer: name,
        region,
        message: `policy ${step.policyName} is still deleted (${why})`,
        harmless: false,
        command: undo,
      };
    case 'SetLoadBalancerPoliciesForBackendServer':
      return {
        loadBalancer: name,
        region,
        message: `instance port ${step.instancePort} may still have the list of this run, ${showList(step.after)}, in place of ${showList(step.before)} (${why})`,
        harmless: false,
        command: undo,
      };
  }
}
