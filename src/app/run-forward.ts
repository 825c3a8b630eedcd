import { pendingChanges, writtenPorts } from '../core/change-facts.js';
import type { HazardCode } from '../core/hazards.js';
import type { Plan, PlanChange } from '../core/plan.js';
import type { Step } from '../core/step.js';
import type { ElbProxyError } from '../errors.js';
import { type Guard, type Guarded, guardedBy } from './guard.js';
import { planRefusedAt } from './held-to-endpoint.js';
import type { Ledger } from './ledger.js';
import { lookBack } from './look-back.js';
import { movedError } from './objection-to-change.js';
import type { WriteDependencies } from './ports.js';
import type { Fresh, Reading } from './reading.js';
import { interrupted, overwritten, type Stop, stopFor } from './stop.js';
import type { Switched } from './switched.js';
import { switchedBy } from './switched-by.js';
import { within } from './within.js';
import type { WriteContext } from './write-context.js';
import { type WriteResult, writeStep } from './write-step.js';

/** One run of a plan, on its way forward. */
export interface Run extends Pick<WriteDependencies, 'api' | 'networkApi'> {
  readonly plan: Plan;
  readonly signal: AbortSignal;
  /** Blockers to overrule besides those that the plan itself names. */
  readonly forced: readonly HazardCode[];
  /** Whether the plan was made from what this run has just read. */
  readonly justMade: boolean;
  readonly guard: Guard | undefined;
  /** Whether the guard looks once all ports are changed, instead of after each. */
  readonly guardAtEnd: boolean;
  readonly ledger: Ledger;
  readonly context: WriteContext;
}

interface IndexedChange {
  readonly change: PlanChange;
  readonly index: number;
}

/** The changes of one load balancer: one, or one for each of its target groups. */
type Part = readonly [IndexedChange, ...IndexedChange[]];

/** Carries out the plan's steps in order, up to the end or the first obstacle. */
export async function runForward(run: Run): Promise<Stop | undefined> {
  const pending = run.plan.changes
    .map((change, index) => ({ change, index }))
    .filter(({ change }) => change.steps.length > 0);
  try {
    // Better to find out now than half-way; and a run that is refused here leaves no trace in the journal.
    for (const { change } of pending) {
      if (run.signal.aborted) return interrupted('nothing-written');
      await checkBefore(change, run);
    }
    if (run.guard !== undefined) await confirmAddresses(pending, run);
    const objection = await run.guard?.baseline(
      pending.map(({ change }) => change),
      run.signal,
    );
    if (objection !== undefined) return stopFor(objection);
    const parts = byLoadBalancer(pending);
    for (const [done, part] of parts.entries()) {
      const stop = await runPart(part, run);
      if (stop !== undefined) return stop;
      // A change that the guard has yet to check is not complete.
      if (run.guardAtEnd) continue;
      for (const { index } of part) run.ledger.completed(index);
      const total = parts.length;
      const { loadBalancer } = part[0].change;
      if (total > 1) run.context.emit({ code: 'load-balancer-done', loadBalancer, done: done + 1, total });
    }
    if (!run.guardAtEnd) return undefined;
    // All changes at once: nothing may break unseen while something else is watched.
    const stop = await watch(
      pending.flatMap(({ change }) => guardedBy(change)),
      run,
    );
    return stop ?? (await lookBackAtGroups(pending, run));
  } catch (error) {
    return stopFor(error);
  }
}

function byLoadBalancer(pending: readonly IndexedChange[]): readonly Part[] {
  const parts = new Map<string, [IndexedChange, ...IndexedChange[]]>();
  for (const one of pending) {
    const { kind, region, name } = one.change.loadBalancer;
    const key = JSON.stringify([kind, region, name]);
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [one]);
    else part.push(one);
  }
  return [...parts.values()];
}

/** Why a plan that was made earlier would be refused now, its own blockers aside; undefined also if that can't be read. */
export async function refusedNow(
  plan: Plan,
  { api, networkApi, ...context }: Pick<WriteDependencies, 'api' | 'networkApi' | 'clock' | 'emit'>,
): Promise<ElbProxyError | undefined> {
  const forced = plan.changes.flatMap(({ hazards }) => hazards.map(({ code }) => code));
  try {
    for (const change of pendingChanges(plan))
      await checkBefore(change, { plan, api, networkApi, forced, justMade: false, context });
  } catch (error) {
    const { error: refusal } = stopFor(error);
    return refusal.fault === 'world' ? refusal : undefined;
  }
  return undefined;
}

/** The parts of a run that the checks before it need. */
type ReadingRun = Pick<Run, 'plan' | 'api' | 'networkApi' | 'forced' | 'justMade'> & {
  readonly context: Pick<WriteContext, 'clock' | 'emit'>;
};

async function checkBefore(change: PlanChange, run: ReadingRun): Promise<void> {
  const { forced, justMade, context, plan } = run;
  const switched = await switchedBy(change, run);
  const elsewhere = planRefusedAt(switched.endpoint, plan);
  if (elsewhere !== undefined) throw elsewhere;
  const identity = justMade ? undefined : switched.movedBefore?.();
  const answer = Promise.all([switched.read(context.clock, 'side-by-side'), identity ?? []]);
  const [reading, moved] = await within(answer, change.loadBalancer, context);
  if (moved.length > 0) throw movedError(change, moved, { wrote: false, remaining: change.steps });
  const objection = switched.objection(reading.fresh, {
    remaining: change.steps,
    forced,
    done: [],
    wrote: false,
    action: plan.action,
  });
  if (objection !== undefined) throw objection.stop;
}

/** A guard connects to the plan's address. For Classic load balancers, the check's read already confirms it. */
async function confirmAddresses(pending: readonly IndexedChange[], run: Run): Promise<void> {
  for (const [{ change }] of byLoadBalancer(pending)) {
    if (run.signal.aborted) return;
    const { confirmAddress } = await switchedBy(change, run);
    if (confirmAddress !== undefined) await within(confirmAddress(), change.loadBalancer, run.context);
  }
}

async function runPart(part: Part, run: Run): Promise<Stop | undefined> {
  for (const one of part) {
    const stop = await runChange(one, run);
    if (stop !== undefined) return stop;
  }
  // A controller may set a target group back at any time, even while it was watched or another one was written.
  const again = !run.guardAtEnd && (run.guard !== undefined || part.length > 1);
  return again ? lookBackAtGroups(part, run) : undefined;
}

/**
 * Carries out one change's steps. Each is based on the read that showed the step before it, if fresh enough; the first
 * makes its own read, right before the journal's first record.
 */
async function runChange({ change, index }: IndexedChange, run: Run): Promise<Stop | undefined> {
  const { ledger, signal, context } = run;
  const { loadBalancer } = change;
  const steps: readonly Step[] = change.steps;
  const switched = await switchedBy(change, run);
  let known: Reading | undefined;
  for (const [stepIndex, step] of steps.entries()) {
    if (signal.aborted) return interruptedAt(run);
    const reference = { change: index, step: stepIndex, direction: 'forward' as const };
    const check = objectionTo(index, switched, steps.slice(stepIndex), run);
    const result = await writeStep<ElbProxyError>({ switched, step, reference, check }, context, {
      known,
      next: steps[stepIndex + 1],
    });
    ledger.wrote({ switched, loadBalancer, step, reference }, result);
    if (result.kind !== 'done') return stopAfter(result, step, change, run);
    known = result.reading;
    const written = guardedAfter(step, change);
    if (written !== undefined && !run.guardAtEnd) {
      const stop = await watch([written], run);
      if (stop !== undefined) return stop;
    }
  }
  // While the last port was written, another operator may have changed a finished one.
  const confirm = objectionTo(index, switched, [], run);
  const overtaken =
    writtenPorts(steps).length > 1 ? await lookBack(switched, confirm, known, context) : undefined;
  return overtaken && stopFor(overtaken);
}

/** Objections to the remaining steps of a change, judged by a read and this run's own writes. */
function objectionTo(
  index: number,
  switched: Switched,
  remaining: readonly Step[],
  { forced, ledger, plan }: Run,
) {
  return (fresh: Fresh | undefined) => {
    const done = ledger.standing.filter(({ reference: { change: at } }) => at === index);
    return switched.objection(fresh, {
      remaining,
      forced,
      done: done.map((write) => write.step),
      wrote: ledger.standing.length > 0,
      action: plan.action,
    });
  };
}

/** The ports or groups that a guard checks once a step is done. */
function guardedAfter(step: Step, change: PlanChange): Guarded | undefined {
  switch (step.call) {
    case 'SetLoadBalancerPoliciesForBackendServer':
      return { change, instancePort: step.instancePort };
    case 'ModifyTargetGroupAttributes':
      return { change };
    case 'CreateLoadBalancerPolicy':
    case 'DeleteLoadBalancerPolicy':
      return undefined;
  }
}

/** Whether the target groups that were written are still as this run wrote them. */
async function lookBackAtGroups(part: readonly IndexedChange[], run: Run): Promise<Stop | undefined> {
  for (const one of part) {
    if (one.change.targetGroup === undefined) continue;
    const switched = await switchedBy(one.change, run);
    const confirm = objectionTo(one.index, switched, [], run);
    const overtaken = await lookBack(switched, confirm, undefined, run.context);
    if (overtaken !== undefined) return stopFor(overtaken);
  }
  return undefined;
}

/** The user asked to stop. With a guard, changes that it has not seen pass are taken back; otherwise they stay. */
function interruptedAt({ guard, ledger }: Run): Stop {
  if (ledger.standing.length === 0) return interrupted('nothing-written');
  const unwatched = guard !== undefined && ledger.byCompletion().begun.length > 0;
  return interrupted(unwatched ? 'unguarded' : 'half-way');
}

async function watch(where: readonly Guarded[], { guard, signal }: Run): Promise<Stop | undefined> {
  if (guard === undefined) return undefined;
  const watched = await guard.watch(where, signal);
  if (watched === 'passed') return undefined;
  return watched === 'interrupted' ? interrupted('unguarded') : stopFor(watched);
}

function stopAfter(
  result: Exclude<WriteResult<ElbProxyError>, { kind: 'done' }>,
  step: Step,
  { loadBalancer }: PlanChange,
  run: Run,
): Stop {
  switch (result.kind) {
    case 'stopped':
      return stopFor(result.stop);
    case 'overwritten':
      return stopFor(overwritten(loadBalancer, step, result.why));
    case 'failed':
      return run.signal.aborted ? interruptedAt(run) : stopFor(result.error);
    case 'unknown':
      return stopFor(result.error);
  }
}
