import { type CallerAnswer, placeWords } from '../core/caller.js';
import { standingSteps, youngMs } from '../core/history.js';
import { nextCommand, statusCommand } from '../core/next-command.js';
import { type Plan, type PlanChange, plan } from '../core/plan.js';
import type { Leftover } from '../core/report.js';
import type { ClassicStep, ModifyAttributeStep, Step } from '../core/step.js';
import { ElbProxyError, usageError, worldError } from '../errors.js';
import type { History, HistoryEntry } from './history.js';
import { refuseOlder } from './lost-change.js';
import type { Clock } from './ports.js';
import type { UndoDependencies, Undone } from './undoing.js';
import { unknownChange } from './unknown-change.js';

/** The change to undo: the named one, or the newest that is not an undo itself. A second undo finds nothing to do. */
export function changeToUndo(past: History, changeId: string | undefined): HistoryEntry {
  const { changes, older } = past;
  const found =
    changeId === undefined
      ? changes.find(({ plan: { action } }) => action !== 'undo')
      : changes.find((change) => change.changeId === changeId);
  if (found === undefined) {
    if (changeId !== undefined) throw unknownChange(changeId, past);
    throw older
      ? usageError(
          'the journal has no change to undo, only older ones that were moved to the files beside it',
          `see them with ${nextCommand('history', [], { all: true })}, and name one: ${nextCommand('undo', ['CHANGE-ID'])}`,
        )
      : usageError(
          'no change was made by this user on this machine, so there is nothing to undo',
          `take the PROXY protocol off with: ${nextCommand('disable', ['NAME'], { port: 'N' })} (or --target-group GROUP)`,
        );
  }
  if (changeId === undefined) refuseOlder(past, found);
  if (found.liveness === 'running') {
    throw worldError(
      `change ${found.changeId} is still running (process ${found.holder.pid})`,
      'still-running',
      'wait for it to end, or stop it with Ctrl-C: it finishes the step in flight first',
    );
  }
  return found;
}

/**
 * Makes the plan that puts back what a change replaced, from the journal and from what is there now. Writes nothing.
 * Load balancers that are gone are named and left out, unless all are.
 * @throws ElbProxyError if none exists any more, or one is not as the change left it
 */
export async function makeUndoPlan(
  change: HistoryEntry,
  dependencies: UndoDependencies & {
    readonly tool: string;
    /** Who reads, asked for beside the reading; never rejects. */
    readonly caller?: Promise<CallerAnswer> | undefined;
    /** Given what is not found, and may be as the change left it: a run of the plan is then only `partial`. */
    readonly onLeft?: ((left: Leftover) => void) | undefined;
  },
): Promise<Plan> {
  const changes: PlanChange[] = [];
  const gone: string[] = [];
  const notKnown = new Set<string>();
  let endpoint: string | undefined;
  for (const [index, made] of change.plan.changes.entries()) {
    const standing: readonly Step[] = standingSteps(change, index).map(({ step }) => step);
    const undone = await undoneChange(change, made, standing, dependencies);
    endpoint ??= undone.endpoint;
    if (undone.change !== undefined) {
      changes.push(undone.change);
      continue;
    }
    gone.push(undone.gone);
    if (standing.length === 0 || !isYoung(change, dependencies.clock)) continue;
    notKnown.add(undone.gone);
    const { name, region } = made.loadBalancer;
    dependencies.onLeft?.({
      loadBalancer: name,
      region,
      message: `${undone.gone} was not found, and may be as change ${change.changeId} left it`,
      harmless: false,
      look: statusCommand({ name, region }),
      command: nextCommand('undo', [change.changeId]),
    });
  }
  if (changes.length === 0 && gone.length > 0) throw goneError(change, gone);
  for (const which of gone) {
    const message = notKnown.has(which)
      ? `the service does not find ${which}, which change ${change.changeId} wrote to a short while ago: if it was not deleted, it is as the change left it. Look again, then put the rest back: ${nextCommand('undo', [change.changeId])}`
      : `${which} is gone: there is nothing to put back on it`;
    dependencies.emit({ code: 'warning', message });
  }
  return plan('undo', changes, {
    tool: dependencies.tool,
    createdAt: dependencies.clock.now(),
    endpoint,
    caller: (await dependencies.caller)?.caller,
    undoes: change.changeId,
  });
}

async function undoneChange(
  entry: HistoryEntry,
  made: PlanChange,
  standing: readonly Step[],
  dependencies: UndoDependencies,
): Promise<Undone> {
  const young = isYoung(entry, dependencies.clock);
  // The journal's schema holds each change to the steps of its kind.
  if (made.targetGroup === undefined) {
    const { undonePorts } = await import('./undo-ports.js');
    return undonePorts({ entry, made, standing: standing as readonly ClassicStep[], young }, dependencies);
  }
  const { undoneGroup } = await import('./network/undo-group.js');
  return undoneGroup(
    { entry, made, standing: standing as readonly ModifyAttributeStep[], young },
    dependencies,
  );
}

function isYoung({ lastAt, undoneBy }: HistoryEntry, clock: Clock): boolean {
  return undoneBy === undefined && clock.now().getTime() - Date.parse(lastAt) < youngMs;
}

function goneError({ changeId, plan: made }: HistoryEntry, gone: readonly string[]): ElbProxyError {
  return new ElbProxyError(
    `the service finds nothing any more that change ${changeId} was made on: ${gone.join(', ')}`,
    {
      code: made.changes.every(({ targetGroup }) => targetGroup !== undefined)
        ? 'TargetGroupNotFound'
        : 'LoadBalancerNotFound',
      fault: 'user',
      hint: `it was made on ${placeWords(made) || 'an account that was not recorded'}; if this run is there, too, there is nothing left to put back`,
    },
  );
}
