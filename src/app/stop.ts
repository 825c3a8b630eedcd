import type { LoadBalancerIdentity } from '../core/model.js';
import { nextCommand } from '../core/next-command.js';
import { ElbProxyError, messageOf } from '../errors.js';

/** Why a run stopped before its end, and whether what it did until then is to stay. */
export interface Stop {
  readonly error: ElbProxyError;
  readonly keep: boolean;
}

/** Something went wrong: what was done is to be put back. */
export function stopFor(error: unknown): Stop {
  return { error: asElbProxyError(error), keep: false };
}

/** How far a run had come when somebody asked to stop. */
const whenInterrupted = {
  'nothing-written': 'interrupted; nothing was changed',
  'half-way': 'interrupted; the step in flight was finished and recorded',
  complete: 'interrupted in the last step; it was finished and recorded, so the change is complete',
} as const;

/** Somebody asked to stop: what was done stays, recorded. */
export function interrupted(how: keyof typeof whenInterrupted): Stop {
  const error = new ElbProxyError(whenInterrupted[how], { code: 'interrupted', fault: 'user' });
  return { error, keep: true };
}

/** What reads back is not what was written. */
export function overwritten({ name, region }: LoadBalancerIdentity): ElbProxyError {
  return new ElbProxyError(
    `what was written to load balancer ${name} (${region}) is not what reads back: somebody else changes it at the same time`,
    {
      code: 'concurrent-change',
      fault: 'world',
      hint: `look at it with: ${nextCommand('status', [name], { region })}`,
    },
  );
}

/** Anything thrown as an ElbProxyError; what is none is a defect of this tool. */
export function asElbProxyError(error: unknown): ElbProxyError {
  if (error instanceof ElbProxyError) return error;
  const message = messageOf(error);
  return new ElbProxyError(message, { code: 'internal', fault: 'tool', cause: error });
}
