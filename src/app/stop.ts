import type { LoadBalancerIdentity } from '../core/model.js';
import { ElbProxyError } from '../errors.js';

/** Why a run stopped before its end, and whether what it did until then is to stay. */
export interface Stop {
  readonly error: ElbProxyError;
  readonly keep: boolean;
}

/** Something went wrong: what was done is to be put back. */
export function stopFor(error: unknown): Stop {
  return { error: asElbProxyError(error), keep: false };
}

/** Somebody asked to stop: what was done stays, recorded. */
export function interrupted(): Stop {
  const message = 'interrupted; the step in flight was finished and recorded';
  return { error: new ElbProxyError(message, { code: 'interrupted', fault: 'user' }), keep: true };
}

/** What reads back is not what was written. */
export function overwritten({ name, region }: LoadBalancerIdentity): ElbProxyError {
  return new ElbProxyError(
    `what was written to load balancer ${name} (${region}) is not what reads back: somebody else changes it at the same time`,
    {
      code: 'concurrent-change',
      fault: 'world',
      hint: `look at it with: elb-proxy status ${name} --region ${region}`,
    },
  );
}

/** Anything thrown as an ElbProxyError; what is none is a defect of this tool. */
export function asElbProxyError(error: unknown): ElbProxyError {
  if (error instanceof ElbProxyError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ElbProxyError(message, { code: 'internal', fault: 'tool', cause: error });
}
