import { foldHistory, type JournaledChange, unsettled } from '../core/history.js';
import { foldRun, type JournaledRun } from '../core/journaled-run.js';
import type { Liveness } from '../core/liveness.js';
import type { Journal, JournalContents, JournalPart } from './ports.js';
import { unknownChange } from './unknown-change.js';

/** A change of this machine, and whether the run that makes it is still going. */
export interface HistoryEntry extends JournaledChange {
  readonly liveness: Liveness;
}

/** The changes made from this machine. */
export interface History {
  /** Newest first. */
  readonly changes: readonly HistoryEntry[];
  /** Parts of the journal that could not be read. */
  readonly warnings: readonly string[];
  /** Unreadable lines that may be changes: where they are, and how many of `changes` are newer. */
  readonly lost: readonly { readonly what: string; readonly newer: number }[];
  /** Whether there are older changes that were not read. */
  readonly older: boolean;
}

/** Reads the journal; unreadable lines are reported and left where they are. */
export async function history(journal: Journal, part?: JournalPart): Promise<History> {
  return historyIn(await journal.read(part), journal);
}

/** One change of this machine in full, and whether its run is still going. */
export interface RunEntry extends JournaledRun {
  readonly liveness: Liveness;
}

/**
 * Reads one change in full: its plan, its calls, its guard. Older changes are read only if it is not among the newest.
 * @throws ElbProxyError if the journal has no such change; it names similar ids
 */
export async function changeInHistory(
  journal: Journal,
  changeId: string,
): Promise<{ readonly change: RunEntry; readonly warnings: readonly string[] }> {
  for (const part of ['newest', 'all'] as const) {
    const contents = await journal.read(part);
    const run = foldRun(contents.records, changeId);
    const { warnings, older = false } = contents;
    if (run !== undefined) return { change: { ...run, liveness: livenessOf(run, journal) }, warnings };
    if (!older) throw unknownChange(changeId, historyIn(contents, journal));
  }
  throw unknownChange(changeId, await history(journal));
}

function livenessOf({ outcome, holder, at }: JournaledChange, journal: Journal): Liveness {
  return outcome === 'open' ? journal.liveness(holder, at) : 'over';
}

function historyIn(
  { records, warnings, lost = [], older = false }: JournalContents,
  journal: Journal,
): History {
  const changes = foldHistory(records)
    .map((change) => ({ ...change, liveness: livenessOf(change, journal) }))
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

/** The changes that were cut off: begun, never ended, and no longer running; except those that were settled since. */
export function interruptedChanges({ changes }: History): readonly HistoryEntry[] {
  return unsettled(changes).filter(({ liveness }) => liveness === 'over');
}

/** The changes without an end that may or may not be running: that can't be seen from here. */
export function unseenChanges({ changes }: History): readonly HistoryEntry[] {
  return unsettled(changes).filter(({ liveness }) => liveness === 'unknown');
}
