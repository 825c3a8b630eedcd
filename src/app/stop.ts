import type { LoadBalancerIdentity } from '../core/model.js';
import { statusCommand } from '../core/next-command.js';
import { describeStep, type Step } from '../core/step.js';
import { ElbProxyError, messageOf, worldError } from '../errors.js';

/** Why a run stopped before its end, and whether what it did until then is to stay. */
export interface Stop {
  readonly error: ElbProxyError;
  readonly keep: boolean;
}

/** Something went wrong: what was done has to be put back. */
export function stopFor(error: unknown): Stop {
  return { error: asElbProxyError(error), keep: false };
}

/** How far a run had come when someone asked to stop. */
const whenInterrupted = {
  'nothing-written': 'interrupted; nothing was changed',
  'half-way': 'interrupted; the step in flight was finished and recorded',
  unguarded: 'interrupted before the guard had seen the change pass',
  complete: 'interrupted in the last step; it was finished and recorded, so the change is complete',
} as const;

/** Someone asked to stop: what was done stays, recorded; but for what no guard has seen pass. */
export function interrupted(how: keyof typeof whenInterrupted): Stop {
  const error = new ElbProxyError(whenInterrupted[how], { code: 'interrupted', fault: 'user' });
  return { error, keep: how !== 'unguarded' };
}

/** The service took a write, and its answers went on showing something else. */
export function notShown(
  loadBalancer: LoadBalancerIdentity,
  step: Step,
  why: string | undefined,
  settleMs: number,
): ElbProxyError {
  const what = why === undefined ? '' : ` (${why})`;
  return worldError(
    `${describeStep(step)} of ${nameOf(loadBalancer)}: the service accepted it, but its answers have not shown it for ${settleMs / 1000} s${what}; it is not known whether it is in effect`,
    'effect-not-known',
    `look again in a minute: ${statusCommand(loadBalancer)}`,
  );
}

/** Another run may already be working on the load balancer: nothing more is written to it. */
export function lockLost(loadBalancer: LoadBalancerIdentity): ElbProxyError {
  return worldError(
    `the lock of this run on ${nameOf(loadBalancer)} was lost, so another run may be working on it: nothing more was written`,
    'lock-lost',
    `look at what is there now: ${statusCommand(loadBalancer)}`,
  );
}

/** Something on this machine or on the way holds every write back for longer than a read stays good. */
export function neverInTime(loadBalancer: LoadBalancerIdentity, step: Step): ElbProxyError {
  return worldError(
    `${describeStep(step)} of ${nameOf(loadBalancer)}: it was not sent: every read it was based on was too old by the time it could be sent`,
    'not-sent',
    'is this machine overloaded, or was its clock changed? Try again later; a --rate below one call every two seconds causes this, too',
  );
}

/** A read shows something else than was written. */
export function overwritten(
  loadBalancer: LoadBalancerIdentity,
  step: Step,
  why: string | undefined,
): ElbProxyError {
  return worldError(
    `${describeStep(step)} of ${nameOf(loadBalancer)}: reading it back does not show what was written: ${why ?? 'something else is changing it at the same time'}`,
    'concurrent-change',
    `--lock keeps other users and machines out; look at it with: ${statusCommand(loadBalancer)}`,
  );
}

/** A load balancer in an error: its name and region. */
export function nameOf({ name, region }: Pick<LoadBalancerIdentity, 'name' | 'region'>): string {
  return `load balancer ${name} (${region})`;
}

/** Anything thrown, as an ElbProxyError; anything else is a bug in this tool. */
export function asElbProxyError(error: unknown): ElbProxyError {
  if (error instanceof ElbProxyError) return error;
  const message = messageOf(error);
  return new ElbProxyError(message, { code: 'internal', fault: 'tool', cause: error });
}
