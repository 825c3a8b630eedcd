import { nextCommand } from '../../core/next-command.js';
import { messageOf } from '../../errors.js';
import type { Context } from '../context.js';

/**
 * Says which changes of this machine were cut off before they ended, and what can't be read of the journal.
 * A journal that can't be read at all is said too, but stops no command that only looks.
 */
export async function warnOfInterrupted(context: Context): Promise<void> {
  const { history, interruptedChanges, unseenChanges } = await import('../../app/history.js');
  const { changeWords } = await import('../../app/change-words.js');
  try {
    const journal = await context.journal();
    const past = await history(journal, 'unfinished');
    for (const message of past.warnings) context.emit({ code: 'warning', message });
    for (const change of interruptedChanges(past)) {
      const { changeId, at, plan } = change;
      const where = { 'endpoint-url': plan.endpoint };
      context.emit({
        code: 'warning',
        message: `change ${changeId} (${changeWords(change)}, begun ${at}) was cut off: some of it may be in effect. Look with ${nextCommand('status', [], where)}, put it back with ${nextCommand('undo', [changeId], where)}, or run it again`,
      });
    }
    for (const change of unseenChanges(past)) {
      const { changeId, at, plan, holder } = change;
      const where = { 'endpoint-url': plan.endpoint };
      context.emit({
        code: 'warning',
        message: `change ${changeId} (${changeWords(change)}, begun ${at}) has no recorded end: it is still running on ${holder.host} (process ${holder.pid}), or was cut off there; this can't be seen from here. Look with ${nextCommand('status', [], where)}; if it is dead, put it back with ${nextCommand('undo', [changeId], where)}`,
      });
    }
  } catch (error) {
    context.emit({ code: 'warning', message: messageOf(error) });
  }
}
