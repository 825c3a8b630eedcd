import type { History } from '../../app/history.js';
import { otherAccount } from '../../core/caller.js';
import { nextCommand } from '../../core/next-command.js';
import type { Plan } from '../../core/plan.js';
import type { Holder } from '../../core/record.js';
import type { Leftover } from '../../core/report.js';
import { changeIam, changeOptions, readChangeOptions } from '../change/change-options.js';
import type { Context } from '../context.js';
import { command } from '../define.js';
import { planOutputs } from '../options.js';

/** `elb-proxy undo`. */
export const undo = command({
  name: 'undo',
  positionals: { usage: '[change-id]', least: 0, most: 1 },
  options: changeOptions,
  examples: {
    'elb-proxy undo': 'the newest change: show what would be put back, ask, do it',
    'elb-proxy undo 20261123-153012-3f9a2c --dry-run': 'a change from the history: only show it',
  },
  mutates: true,
  iam: changeIam,
  outputs: planOutputs,
  exitCodes: [0, 1, 2, 3, 4, 5, 130],
  run: async (given, context) => {
    const { carryOut, pendingIn } = await import('../change/carry-out.js');
    const { history } = await import('../../app/history.js');
    const { refusedAs } = await import('../../app/held-to-account.js');
    const { elsewhereNote, undoRefusedAt } = await import('../../app/held-to-endpoint.js');
    const { endpointOf, heldContext } = await import('../place.js');
    const { changeToUndo, makeUndoPlan } = await import('../../app/undo.js');
    const options = await readChangeOptions(given.options, context);
    const read = async (changeId: string | undefined): Promise<History> => {
      const journal = await context.journal();
      const recent = await history(journal, 'recent');
      const isThere = recent.changes.some((change) => change.changeId === changeId);
      return changeId === undefined || isThere || !recent.older ? recent : history(journal, 'all');
    };
    const past = await read(given.positionals[0]);
    for (const message of past.warnings) context.emit({ code: 'warning', message });
    const [named = await newestOf(past, context)] = given.positionals;
    const { changeId, plan, liveness, holder, completedBy } = changeToUndo(past, named);
    if (liveness === 'unknown') context.emit({ code: 'warning', message: elsewhere(changeId, holder) });
    if (completedBy !== undefined)
      context.emit({
        code: 'warning',
        message: `change ${changeId} was completed since by change ${completedBy}: this takes back what both did`,
      });
    const asked = await endpointOf(plan, context);
    const refusal = undoRefusedAt(asked, { changeId, plan });
    if (refusal !== undefined) throw refusal;
    const message = elsewhereNote(asked, plan, `change ${changeId}`);
    if (message !== undefined) context.emit({ code: 'warning', message });
    const caller = context.caller(plan.changes[0]?.loadBalancer.region);
    const verdict = caller.then((who) =>
      refusedAs(who, plan.caller, { subject: `change ${changeId}`, argv: ['undo', changeId] }),
    );
    const held = heldContext(context, verdict);
    const left: Leftover[] = [];
    const makePlan = async () => {
      left.length = 0;
      // Read again: while this run waited for its turn another may have undone the change.
      const now = await read(changeId);
      const undoPlan = await makeUndoPlan(changeToUndo(now, changeId), {
        ...held,
        caller,
        onLeft: (one) => left.push(one),
      });
      if (given.positionals.length === 0 && !undoPlan.pending) suggestOlder(now, undoPlan, context);
      return undoPlan;
    };
    return carryOut({ targets: pendingIn(plan), makePlan, left, verdict }, options, context);
  },
});

/** Its locks are of the same directory: once this run has them, that one is over. */
function elsewhere(changeId: string, { host, pid }: Holder): string {
  return `change ${changeId} has no end, and whether its run (process ${pid} on ${host}) is still going can't be seen from here; this run waits for the locks of its load balancers`;
}

/** If nothing of the newest change is in effect, an older one may be meant; but it is only undone by its name. */
function suggestOlder({ changes }: History, undone: Plan, { emit }: Context): void {
  const newest = undone.undoes ?? '';
  const [older] = changes.filter(
    ({ changeId, plan, outcome, undoneBy }) =>
      changeId !== newest &&
      plan.action !== 'undo' &&
      !otherAccount(plan.caller, undone.caller) &&
      (outcome === 'applied' || outcome === 'partial') &&
      undoneBy === undefined,
  );
  if (older === undefined) return;
  const message = `nothing of the newest change (${newest}) is in effect; an older one is put back by its name: ${nextCommand('undo', [older.changeId])}`;
  emit({ code: 'warning', message });
}

/** The newest change of this account and endpoint; newer ones of others are named. Undefined if there is none. */
async function newestOf(past: History, context: Context): Promise<string | undefined> {
  const region = past.changes[0]?.plan.changes[0]?.loadBalancer.region;
  if (region === undefined) return undefined;
  const { newestHere } = await import('../../app/changes-here.js');
  const { changeWords } = await import('../../app/change-words.js');
  const accounts = new Set(past.changes.flatMap(({ plan }) => plan.caller?.accountId ?? []));
  // If all are of one account, the choice does not need to know who acts: another account's run is refused later.
  const who = accounts.size > 1 ? await context.caller(region) : { why: 'it was not asked', asked: false };
  const { newest, passedOver } = newestHere(past, who, await endpointsOf(past, region, context));
  for (const change of passedOver)
    context.emit({
      code: 'warning',
      message: `change ${change.changeId} is newer and was passed over: it is not of this account and endpoint (${changeWords(change)})`,
    });
  return newest?.changeId;
}

/** The endpoints of this run: each kind of load balancer may have its own. */
async function endpointsOf(
  { changes }: History,
  region: string,
  context: Context,
): Promise<readonly (string | undefined)[]> {
  const { endpoint } = await context.api(region);
  const isNetwork = changes.some(({ plan }) =>
    plan.changes.some(({ targetGroup }) => targetGroup !== undefined),
  );
  if (!isNetwork) return [endpoint];
  // If they can't be reached at all, none of their changes was made at an endpoint in use.
  const network = await context.networkApi(region).catch(() => undefined);
  return network === undefined ? [endpoint] : [endpoint, network.endpoint];
}
