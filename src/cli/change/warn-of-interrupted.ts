import type { HistoryEntry } from '../../app/history.js';
import { nextCommand } from '../../core/next-command.js';
import { messageOf } from '../../errors.js';
import type { Context } from '../context.js';

/** Warns of changes that were cut off, and of an unreadable journal: neither stops a command that only looks. */
export async function warnOfInterrupted(context: Context): Promise<void> {
  const { history, interruptedChanges, unseenChanges } = await import('../../app/history.js');
  const { changeWords } = await import('../../app/change-words.js');
  const begunWords = (change: HistoryEntry): string =>
    `change ${change.changeId} (${changeWords(change)}, begun ${change.at})`;
  try {
    const journal = await context.journal();
    const past = await history(journal, 'unfinished');
    for (const message of past.warnings) context.emit({ code: 'warning', message });
    for (const change of interruptedChanges(past))
      context.emit({
        code: 'warning',
        message: `${begunWords(change)} was cut off: some of it may be in effect, until ${wayOn(change)}`,
      });
    for (const change of unseenChanges(past)) {
      const { pid, host } = change.holder;
      context.emit({
        code: 'warning',
        message: `${begunWords(change)} has no recorded end: it is still running on ${host} (process ${pid}), or was cut off there, which can't be seen from here. If it is dead, some of it may be in effect, until ${wayOn(change)}`,
      });
    }
  } catch (error) {
    context.emit({ code: 'warning', message: messageOf(error) });
  }
}

/** The way to settle a change that was cut off. The command comes last, to be copied. */
function wayOn({ changeId, plan: { undoes, endpoint } }: HistoryEntry): string {
  const undo = (id: string): string => nextCommand('undo', [id], { 'endpoint-url': endpoint });
  return undoes === undefined
    ? `it is run again, or put back with: ${undo(changeId)}`
    : `it is finished with: ${undo(undoes)}`;
}
