import { isOfAws, sameEndpoint } from '../core/caller.js';
import { covers, standingSteps, youngMs } from '../core/history.js';
import type { LoadBalancerIdentity } from '../core/model.js';
import type { Plan } from '../core/plan.js';
import { sameChange } from '../core/same-load-balancer.js';
import { messageOf } from '../errors.js';
import type { Emit } from './events.js';
import { type HistoryEntry, history, interruptedChanges, unseenChanges } from './history.js';
import type { Clock, Journal } from './ports.js';

/**
 * Ends interrupted changes in the journal if a plan with nothing to do shows that they are complete, or that nothing is
 * left of an undone one: every command would go on warning about them. A journal that can't be written is only a warning.
 */
export async function settle(
  plan: Plan,
  { journal, clock, emit }: { readonly journal: Journal; readonly clock: Clock; readonly emit: Emit },
): Promise<void> {
  try {
    const past = await history(journal, 'unfinished');
    // This run has the locks of what its plan is about: a run that has not ended is not working there.
    for (const change of [...interruptedChanges(past), ...unseenChanges(past)]) {
      const { changeId, at } = change;
      // A read from before it began says nothing of it.
      const outcome = plan.createdAt < at ? undefined : shownBy(plan, change);
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

/** How a plan with nothing to do shows that a change ended; undefined if it does not. */
function shownBy(plan: Plan, change: HistoryEntry): 'rolled-back' | 'applied' | undefined {
  if (plan.undoes !== change.changeId) return covers(plan, change.plan) ? 'applied' : undefined;
  const unseen = change.plan.changes.filter(
    (made, index) =>
      standingSteps(change, index).length > 0 && sameChange(plan, made, change.plan) === undefined,
  );
  // A load balancer that was written a short while ago and is not found may be there still.
  if (unseen.length > 0 && Date.parse(plan.createdAt) - Date.parse(change.lastAt) < youngMs) return undefined;
  return unseen.every(({ loadBalancer }) => isGone(loadBalancer, plan, change.plan))
    ? 'rolled-back'
    : undefined;
}

/** A load balancer that the same account does not have any more; in another, its absence says nothing. */
function isGone({ name, region, accountId }: LoadBalancerIdentity, plan: Plan, made: Plan): boolean {
  if (plan.changes.some(({ loadBalancer }) => loadBalancer.name === name && loadBalancer.region === region))
    return false;
  const owners = plan.changes.map(({ loadBalancer }) => loadBalancer.accountId);
  if (accountId !== undefined && owners.some((seen) => seen !== undefined && seen !== accountId))
    return false;
  const owner = made.caller?.accountId ?? accountId;
  if (plan.caller !== undefined && owner !== undefined) return plan.caller.accountId === owner;
  return !isOfAws(plan.endpoint) && sameEndpoint(plan.endpoint, made.endpoint);
}
