import { foldHistory, type JournaledChange } from '../core/history.js';
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

/** The changes that were cut off: begun, never ended, nobody at work on them, and not undone since. */
export function interruptedChanges({ changes }: History): readonly HistoryEntry[] {
  return changes.filter(
    ({ outcome, running, undoneBy }) => outcome === 'open' && !running && undoneBy === undefined,
  );
}
