import { nextCommand } from '../core/next-command.js';
import { messageOf } from '../errors.js';
import type { Context } from './context.js';

/**
 * Says which changes of this machine were cut off before they ended, and what of the journal can't be read.
 * A journal that can't be read at all is said too, but stops no command that only looks.
 */
export async function warnOfInterrupted(context: Context): Promise<void> {
  const { history, interruptedChanges } = await import('../app/history.js');
  try {
    const journal = await context.journal();
    const past = await history(journal);
    for (const message of past.warnings) context.emit({ code: 'warning', message });
    for (const { changeId, at, plan } of interruptedChanges(past)) {
      const what = plan.changes
        .filter(({ steps }) => steps.length > 0)
        .map(({ loadBalancer, affects }) => `${loadBalancer.name} ${affects.instancePorts.join(',')}`)
        .join(', ');
      const where = { 'endpoint-url': plan.endpoint };
      context.emit({
        code: 'warning',
        message: `change ${changeId} (${plan.action} ${what}, begun ${at}) was cut off: some of it may be in effect. Look with ${nextCommand('status', [], where)}, put it back with ${nextCommand('undo', [changeId], where)}, or run it again`,
      });
    }
  } catch (error) {
    context.emit({ code: 'warning', message: messageOf(error) });
  }
}
