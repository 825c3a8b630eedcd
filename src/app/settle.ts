import type { Plan } from '../core/plan.js';
import { messageOf } from '../errors.js';
import type { Emit } from './events.js';
import { covers, history, interruptedChanges } from './history.js';
import type { Clock, Journal } from './ports.js';

/**
 * Ends, in the journal, the changes that were cut off and of which a plan with nothing to do shows how they stand: a
 * plan for the same ports, that they are complete; the undo of one, that nothing of it is left. Else every command
 * would go on warning of them. A journal that can't be written is a warning: nothing was to be changed.
 */
export async function settle(
  plan: Plan,
  { journal, clock, emit }: { readonly journal: Journal; readonly clock: Clock; readonly emit: Emit },
): Promise<void> {
  try {
    for (const { changeId, plan: cutOff } of interruptedChanges(await history(journal))) {
      const outcome = plan.undoes === changeId ? 'rolled-back' : covers(plan, cutOff) ? 'applied' : undefined;
      if (outcome === undefined) continue;
      await journal.append({
        formatVersion: 1,
        record: 'end',
        changeId,
        at: clock.now().toISOString(),
        outcome,
      });
    }
  } catch (error) {
    emit({ code: 'warning', message: messageOf(error) });
  }
}
