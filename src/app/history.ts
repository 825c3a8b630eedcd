import { foldHistory, type JournaledChange, unsettled } from '../core/history.js';
import type { Liveness } from '../core/liveness.js';
import type { Journal, JournalPart } from './ports.js';

/** A change of this machine, and whether the run that makes it is still at work. */
export interface HistoryEntry extends JournaledChange {
  readonly liveness: Liveness;
}

/** The changes made from this machine. */
export interface History {
  /** Newest first. */
  readonly changes: readonly HistoryEntry[];
  /** What of the journal could not be read. */
  readonly warnings: readonly string[];
  /** What may be a change, and could not be read: where it is, and how many of `changes` are newer. */
  readonly lost: readonly { readonly what: string; readonly newer: number }[];
  /** Whether there are older changes that were not read. */
  readonly older: boolean;
}

/** Reads the journal; lines that can't be read are said and left where they are. */
export async function history(journal: Journal, part?: JournalPart): Promise<History> {
  const { records, warnings, lost = [], older = false } = await journal.read(part);
  const changes = foldHistory(records)
    .map((change) => ({
      ...change,
      liveness: change.outcome === 'open' ? journal.liveness(change.holder, change.at) : ('over' as const),
    }))
    .toReversed();
  return {
    changes,
    warnings,
    lost: lost.map(({ what, after }) => {
      const nth = changes.findIndex(({ changeId }) => changeId === after);
      return { what, newer: nth === -1 ? changes.length : nth };
    }),
    older,
  };
}

/** The changes that were cut off: begun, never ended, and nobody at work on them; but for those that were settled since. */
export function interruptedChanges({ changes }: History): readonly HistoryEntry[] {
  return unsettled(changes).filter(({ liveness }) => liveness === 'over');
}

/** The changes that have no end, and of which it can't be seen from here whether a run is at work on them. */
export function unseenChanges({ changes }: History): readonly HistoryEntry[] {
  return unsettled(changes).filter(({ liveness }) => liveness === 'unknown');
}
