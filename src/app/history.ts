import { foldHistory, type JournaledChange } from '../core/history.js';
import type { Plan } from '../core/plan.js';
import { sameChange } from '../core/same-load-balancer.js';
import type { Journal } from './ports.js';

/** A change of this machine, and whether the run that makes it is still at work. */
export interface HistoryEntry extends JournaledChange {
  readonly running: boolean;
}

/** The changes made from this machine. */
export interface History {
  /** Newest first. */
  readonly changes: readonly HistoryEntry[];
  /** What of the journal could not be read. */
  readonly warnings: readonly string[];
}

/** Reads the journal; lines that can't be read are said and left where they are. */
export async function history(journal: Journal): Promise<History> {
  const { records, warnings } = await journal.read();
  const changes = foldHistory(records).map((change) => ({
    ...change,
    running: change.outcome === 'open' && journal.isRunning(change.holder),
  }));
  return { changes: changes.toReversed(), warnings };
}

/**
 * The changes that were cut off: begun, never ended, and nobody at work on them; but for those that were undone, or
 * completed, since: a later change of the same kind that was applied to the same ports.
 */
export function interruptedChanges({ changes }: History): readonly HistoryEntry[] {
  return changes.filter(
    (change, index) =>
      change.outcome === 'open' &&
      !change.running &&
      change.undoneBy === undefined &&
      !changes
        .slice(0, index)
        .some((later) => later.outcome === 'applied' && covers(later.plan, change.plan)),
  );
}

/** Whether a plan is for the same as another: of its kind, and for all its load balancers and ports. */
export function covers(plan: Plan, other: Plan): boolean {
  if (plan.action !== other.action || plan.undoes !== other.undoes) return false;
  return other.changes.every((change) => {
    const { affects, steps } = change;
    const same = sameChange(plan, change, other);
    return (
      steps.length === 0 || affects.instancePorts.every((port) => same?.affects.instancePorts.includes(port))
    );
  });
}
