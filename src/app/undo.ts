import { type CallerAnswer, placeWords } from '../core/caller.js';
import { setSteps, writtenPorts } from '../core/change-facts.js';
import { drift, movedIdentity } from '../core/drift.js';
import { hazards } from '../core/hazards.js';
import { standingSteps } from '../core/history.js';
import { invertStep } from '../core/invert.js';
import { inOrderOf, sameList } from '../core/merge.js';
import { type LoadBalancer, policyNamesOn } from '../core/model.js';
import { nextCommand } from '../core/next-command.js';
import { type Plan, type PlanChange, plan, planChange } from '../core/plan.js';
import { sightOf } from '../core/sight.js';
import { simulate } from '../core/simulate.js';
import { type Step, switchesOn } from '../core/step.js';
import { ElbProxyError, usageError } from '../errors.js';
import type { Emit } from './events.js';
import type { History, HistoryEntry } from './history.js';
import { inspect } from './inspect.js';
import { refuseOlder } from './lost-change.js';
import type { Clock, ElasticLoadBalancing } from './ports.js';
import { requireWhole } from './read.js';

/**
 * The change that an undo is about: the one named, or the newest that is itself no undo. Undoing the same twice
 * is therefore nothing the second time, and never reaches for an older change by itself.
 */
export function changeToUndo(past: History, changeId: string | undefined): HistoryEntry {
  const { changes } = past;
  const found =
    changeId === undefined
      ? changes.find(({ plan: { action } }) => action !== 'undo')
      : changes.find((change) => change.changeId === changeId);
  if (found === undefined) {
    throw changeId === undefined
      ? usageError(
          'no change was made from this machine, so there is nothing to undo',
          `take the PROXY protocol off with: ${nextCommand('disable', ['NAME'], { port: 'N' })}`,
        )
      : usageError(
          `no change ${changeId} is in the journal of this machine`,
          `see the changes with: ${nextCommand('history')}`,
        );
  }
  if (changeId === undefined) refuseOlder(past, found);
  if (found.liveness === 'running') {
    throw new ElbProxyError(`change ${found.changeId} is still running (process ${found.holder.pid})`, {
      code: 'still-running',
      fault: 'world',
      hint: 'wait for it to end, or stop it with Ctrl-C: it finishes the step in flight first',
    });
  }
  return found;
}

/**
 * Makes the plan that puts back what a change replaced, from the journal and from what is there now. Writes nothing.
 * Load balancers that are gone are named and left out, unless all are.
 * @throws ElbProxyError where none is there any more, or one is not as the change left it
 */
export async function makeUndoPlan(
  change: HistoryEntry,
  dependencies: {
    readonly api: (region: string) => Promise<ElasticLoadBalancing>;
    readonly clock: Clock;
    readonly emit: Emit;
    readonly tool: string;
    /** Who reads, asked for beside the reading; never rejects. */
    readonly caller?: Promise<CallerAnswer> | undefined;
  },
): Promise<Plan> {
  const changes: PlanChange[] = [];
  const gone: string[] = [];
  let endpoint: string | undefined;
  for (const [index, made] of change.plan.changes.entries()) {
    const standing = standingSteps(change, index).map(({ step }) => step);
    const { name, region } = made.loadBalancer;
    const api = await dependencies.api(region);
    endpoint = api.endpoint;
    const fresh = await find(api, name, dependencies.emit);
    if (fresh === undefined) gone.push(`${name} (${region})`);
    else changes.push(undoChange(change, made, standing, fresh, isYoung(change, dependencies.clock)));
  }
  if (changes.length === 0 && gone.length > 0) throw goneError(change, gone);
  for (const which of gone) {
    const message = `load balancer ${which} is gone: there is nothing to put back on it`;
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

/** A load balancer as it is now; undefined where none of that name is there. */
async function find(api: ElasticLoadBalancing, name: string, emit: Emit): Promise<LoadBalancer | undefined> {
  try {
    const [found] = await inspect(api, { names: [name], detail: 'all', emit });
    return found;
  } catch (error) {
    if (error instanceof ElbProxyError && error.code === 'LoadBalancerNotFound') return undefined;
    throw error;
  }
}

function undoChange(
  change: HistoryEntry,
  made: PlanChange,
  standing: readonly Step[],
  fresh: LoadBalancer,
  young: boolean,
): PlanChange {
  const { instancePorts } = made.affects;
  // Where nothing is to be put back, it does not matter what has become of the load balancer.
  if (standing.length === 0) return planChange(fresh, instancePorts, [], []);
  const moved = movedIdentity(made.loadBalancer, fresh);
  if (moved.length > 0)
    throw anotherError(
      change,
      made,
      moved.map(({ what, expected, found }) => `${what} was ${expected}, is ${found}`),
    );
  requireWhole(fresh);
  const inverse = standing.map(invertStep).toReversed();
  const needed = inverse.flatMap((step) => neededStep(step, fresh, young));
  const steps = needed.filter((step) => !usedElsewhere(step, needed, fresh));
  const drifted = drift(made, steps, fresh);
  if (drifted.length > 0)
    throw movedError(
      change,
      made,
      drifted.map(({ what, expected, found }) => `${what} was left as ${expected}, is ${found}`),
    );
  const found = hazards(fresh, { purpose: switchesOn(steps) ? 'on' : 'off', instancePorts, asked: true });
  // Blockers stop enable only: an undo puts back what someone had decided. The plan shows what it overrules.
  const forced = found.filter(({ level }) => level === 'blocker').map(({ code }) => code);
  return planChange(fresh, instancePorts, steps, found, [...new Set(forced)]);
}

/** A write that is younger than this, in milliseconds, is not believed to be undone because a read does not show it. */
const youngMs = 10 * 60_000;

function isYoung({ lastAt, undoneBy }: HistoryEntry, clock: Clock): boolean {
  return undoneBy === undefined && clock.now().getTime() - Date.parse(lastAt) < youngMs;
}

/**
 * What of a step back is to be done. A list that reads as it was before is written once more where the change is young:
 * the read may be behind, and only a call that the service takes makes sure.
 */
function neededStep(step: Step, fresh: LoadBalancer, young: boolean): readonly Step[] {
  const { kind, reordered } = sightOf(step, fresh);
  if (step.call !== 'SetLoadBalancerPoliciesForBackendServer') return kind === 'after' ? [] : [step];
  const found = policyNamesOn(fresh, step.instancePort);
  if (kind === 'after') return young && reordered !== true ? [{ ...step, before: step.after }] : [];
  // In another order, which is the service's own or someone else's: it is kept, and the plan is pinned to it.
  return sameList(found.toSorted(), step.before.toSorted())
    ? [{ ...step, before: found, after: inOrderOf(found, step.after) }]
    : [step];
}

/** A policy that the change made, and that someone attached to another port since, stays. */
function usedElsewhere(step: Step, needed: readonly Step[], fresh: LoadBalancer): boolean {
  if (step.call !== 'DeleteLoadBalancerPolicy') return false;
  const sets = setSteps(needed);
  return simulate(fresh, sets).backendServers.some(({ policyNames }) =>
    policyNames.includes(step.policyName),
  );
}

function goneError({ changeId, plan: made }: HistoryEntry, gone: readonly string[]): ElbProxyError {
  return new ElbProxyError(`no load balancer of change ${changeId} is there any more: ${gone.join(', ')}`, {
    code: 'LoadBalancerNotFound',
    fault: 'user',
    hint: `it was made on ${placeWords(made) || 'an account that was not recorded'}; if this run is there, too, there is nothing left to put back`,
  });
}

function movedError(
  change: HistoryEntry,
  { loadBalancer: { name, region }, steps }: PlanChange,
  what: readonly string[],
): ElbProxyError {
  const ports = writtenPorts(steps);
  const instead = change.plan.action === 'enable' ? 'disable' : 'enable';
  return new ElbProxyError(
    `load balancer ${name} (${region}) is not as change ${change.changeId} left it: ${what.join('; ')}. Nothing was written.`,
    {
      code: 'stale-plan',
      fault: 'world',
      hint:
        change.plan.action === 'undo'
          ? `look at what is there now: ${nextCommand('status', [name], { region })}`
          : `to keep what others changed, use: ${nextCommand(instead, [name], { port: ports.join(','), region })}`,
    },
  );
}

/** A load balancer of the same name, elsewhere or later: nothing that is done here is a way back. */
function anotherError(
  { changeId, plan: made }: HistoryEntry,
  { loadBalancer: { name, region } }: PlanChange,
  what: readonly string[],
): ElbProxyError {
  const place = placeWords(made);
  const there = nextCommand('undo', [changeId], { 'endpoint-url': made.endpoint });
  return new ElbProxyError(
    `load balancer ${name} (${region}) is not the one that change ${changeId} was made on: ${what.join('; ')}. Nothing was written.`,
    {
      code: 'stale-plan',
      fault: 'world',
      hint: `it has taken the name, or this is another account or endpoint: the change was made on ${place || 'an account that was not recorded'}. There: ${there}`,
    },
  );
}
