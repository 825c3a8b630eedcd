import type { History } from '../../app/history.js';
import { nextCommand } from '../../core/next-command.js';
import { changeIam, changeOptions } from '../changing.js';
import type { Context } from '../context.js';
import type { Command } from '../define.js';
import { planOutputs } from '../options.js';

/** `elb-proxy undo`. */
export const undo: Command = {
  name: 'undo',
  summary: 'put back what a change replaced (default: the newest)',
  positionals: { usage: '[change-id]', least: 0, most: 1 },
  options: changeOptions,
  examples: [
    { command: 'elb-proxy undo', what: 'the newest change: show what would be put back, ask, do it' },
    {
      command: 'elb-proxy undo 20261123-153012-3f9a2c --dry-run',
      what: 'a change from the history: only show it',
    },
  ],
  mutates: true,
  iam: changeIam,
  outputs: planOutputs,
  exitCodes: [0, 1, 2, 3, 4, 5, 130],
  run: async (given, context) => {
    const { carryOut, checkOptions, pendingIn } = await import('../carry-out.js');
    const { history } = await import('../../app/history.js');
    const { changeToUndo, makeUndoPlan } = await import('../../app/undo.js');
    await checkOptions(given);
    const past = await history(await context.journal());
    for (const message of past.warnings) context.emit({ code: 'warning', message });
    const [named] = given.positionals;
    const { changeId, plan } = changeToUndo(past, named);
    const makePlan = async () => {
      // Read again: while this run waited for its turn another may have undone the change.
      const now = await history(await context.journal());
      const undoPlan = await makeUndoPlan(changeToUndo(now, changeId), context);
      if (named === undefined && !undoPlan.pending) sayWhatElse(now, changeId, context);
      return undoPlan;
    };
    return carryOut({ targets: pendingIn(plan), makePlan }, given, context);
  },
};

/** Whoever asks for the newest change, and gets nothing, may mean an older one; it is never reached for unnamed. */
function sayWhatElse({ changes }: History, newest: string, { emit }: Context): void {
  const [older] = changes.filter(
    ({ changeId, plan, outcome, undoneBy }) =>
      changeId !== newest &&
      plan.action !== 'undo' &&
      (outcome === 'applied' || outcome === 'partial') &&
      undoneBy === undefined,
  );
  if (older === undefined) return;
  const message = `nothing of the newest change (${newest}) is in effect; an older one is put back by its name: ${nextCommand('undo', [older.changeId])}`;
  emit({ code: 'warning', message });
}
