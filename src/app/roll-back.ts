import { invertStep } from '../core/invert.js';
import type { Leftover } from '../core/report.js';
import { changesNothing } from '../core/step.js';
import { messageOf } from '../errors.js';
import { leftover } from './leftover.js';
import type { Objection } from './objection.js';
import { observe } from './observe.js';
import { showsThePast } from './shows-the-past.js';
import type { StandingWrite } from './switched.js';
import type { WriteContext } from './write-context.js';
import { writeStep } from './write-step.js';

/** The result of taking one step back; `left` is what remains, or may remain. */
type RollBackResult =
  | { readonly kind: 'rolled-back'; readonly requestId?: string | undefined }
  | {
      readonly kind: 'left';
      readonly leftover: Leftover;
      /** It is not known whether it is still in effect. */
      readonly inDoubt: boolean;
    };

/**
 * Takes one step back with a call of its own, only if things are still as this run left them; a read alone never proves
 * that a step is back. A signal does not interrupt it: it leads to a known state.
 * @param stillUsed why a policy that this run created may be on a port: then it stays
 */
export async function rollBackWrite(
  standing: StandingWrite,
  context: WriteContext,
  stillUsed?: string,
): Promise<RollBackResult> {
  const { switched, step } = standing;
  // A write that did not show before may show now; if nothing could be read, wait for it.
  const look =
    standing.seen || standing.waited || stillUsed !== undefined
      ? undefined
      : await observe(switched, step, context, context.settleMs);
  // Without an answer, a read that may be older than the undone change proves nothing.
  const proves = standing.taken || !showsThePast({ ...standing, context });
  const shows = proves && look?.kind === 'seen' && look.sight.kind === 'after';
  const write = { ...standing, seen: standing.seen || shows };
  const left = (objection: Objection, tried: boolean): RollBackResult => ({
    kind: 'left',
    leftover: leftover(write, context, objection.why, {
      tried,
      // Only a policy that is known to be on no port changes no traffic.
      harmless: step.call === 'CreateLoadBalancerPolicy' && objection.used !== true && !objection.inDoubt,
    }),
    inDoubt: objection.inDoubt,
  });
  if (stillUsed !== undefined) return left({ why: stillUsed, inDoubt: !write.seen, used: true }, false);
  // Written once more because the read behind the plan may have been old: the actual state was never seen.
  if (changesNothing(step)) return left({ why: 'the state before it was not seen', inDoubt: true }, false);
  const result = await writeStep(
    {
      switched,
      step: invertStep(step),
      reference: { ...write.reference, direction: 'back' },
      check: (fresh) => switched.objectionBack(write, fresh),
    },
    { ...context, signal: undefined },
  );
  switch (result.kind) {
    case 'done':
      return { kind: 'rolled-back', requestId: result.requestId };
    case 'stopped':
      return result.stop.gone === true ? { kind: 'rolled-back' } : left(result.stop, false);
    case 'failed':
      return left({ why: messageOf(result.error), inDoubt: !write.seen }, true);
    case 'overwritten':
    case 'unknown':
      return left({ why: reasonIn('error' in result ? result.error : result.why), inDoubt: true }, true);
  }
}

/** An objection on the way back is not an error. */
function reasonIn(error: unknown): string {
  return typeof error === 'object' && error !== null && 'why' in error ? String(error.why) : messageOf(error);
}
