import type { HistoryEntry } from '../../app/history.js';
import type { Context } from '../context.js';
import type { Command } from '../define.js';
import { lockOptions } from '../lock-options.js';
import { guardOptions, planOptions, runOptions } from '../options.js';

/** A change that was cut off, and of which nothing is in effect, is over: else every command would go on warning of it. */
async function closeCutOff({ changeId }: HistoryEntry, { journal, clock, emit }: Context): Promise<void> {
  try {
    await (await journal()).append({
      formatVersion: 1,
      record: 'end',
      changeId,
      at: clock.now().toISOString(),
      outcome: 'rolled-back',
    });
  } catch (error) {
    emit({ code: 'warning', message: error instanceof Error ? error.message : String(error) });
  }
}

/** `elb-proxy undo`. */
export const undo: Command = {
  name: 'undo',
  summary: 'put back what a change replaced (default: the newest)',
  positionals: { usage: '[change-id]', least: 0, most: 1 },
  options: { ...planOptions, ...runOptions, ...lockOptions, ...guardOptions },
  examples: [
    { command: 'elb-proxy undo', what: 'the newest change: show what would be put back, ask, do it' },
    {
      command: 'elb-proxy undo 20261123-153012-3f9a2c --dry-run',
      what: 'a change from the history: only show it',
    },
  ],
  mutates: true,
  iam: [
    'DescribeLoadBalancers',
    'DescribeLoadBalancerPolicies',
    'DescribeInstanceHealth',
    'DescribeTags',
    'SetLoadBalancerPoliciesForBackendServer',
    'CreateLoadBalancerPolicy',
    'DeleteLoadBalancerPolicy',
  ],
  exitCodes: [0, 1, 2, 3, 4, 5, 130],
  run: async (given, context) => {
    const { carryOut, checkOptions, pendingIn } = await import('../carry-out.js');
    const { history } = await import('../../app/history.js');
    const { changeToUndo, makeUndoPlan } = await import('../../app/undo.js');
    await checkOptions(given);
    const past = await history(await context.journal());
    for (const message of past.warnings) context.emit({ code: 'warning', message });
    const { changeId, plan } = changeToUndo(past, given.positionals[0]);
    const makePlan = async () => {
      // Read again: while this run waited for its turn another may have undone the change.
      const change = changeToUndo(await history(await context.journal()), changeId);
      const made = await makeUndoPlan(change, context);
      if (!made.pending && change.outcome === 'open' && !given.flag('dry-run'))
        await closeCutOff(change, context);
      return made;
    };
    return carryOut({ targets: pendingIn(plan), makePlan }, given, context);
  },
};
