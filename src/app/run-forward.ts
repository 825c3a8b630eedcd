import { writtenPorts } from '../core/change-facts.js';
import type { HazardCode } from '../core/hazards.js';
import type { LoadBalancer } from '../core/model.js';
import type { Plan, PlanChange } from '../core/plan.js';
import type { Step } from '../core/step.js';
import type { ElbProxyError } from '../errors.js';
import type { Guard, GuardedPort } from './guard.js';
import type { Ledger } from './ledger.js';
import { lookBack } from './look-back.js';
import { objectionToChange } from './objection-to-change.js';
import type { WriteDependencies } from './ports.js';
import { type Reading, readLoadBalancer } from './read.js';
import { interrupted, overwritten, type Stop, stopFor } from './stop.js';
import { within } from './within.js';
import type { WriteContext } from './write-context.js';
import { type WriteResult, writeStep } from './write-step.js';

/** One run of a plan, on its way forward. */
export interface Run {
  readonly plan: Plan;
  readonly api: WriteDependencies['api'];
  readonly signal: AbortSignal;
  /** Blockers to overrule besides those that the plan itself names. */
  readonly forced: readonly HazardCode[];
  readonly guard: Guard | undefined;
  /** Whether the guard looks once all ports are changed, instead of after each. */
  readonly guardAtEnd: boolean;
  readonly ledger: Ledger;
  readonly context: WriteContext;
}

/** Milliseconds for one reading. */
const readMs = 60_000;

interface IndexedChange {
  readonly change: PlanChange;
  readonly index: number;
}

/** Carries out the plan's steps in order, up to the end or the first thing that is in the way. */
export async function runForward(run: Run): Promise<Stop | undefined> {
  const pending = run.plan.changes
    .map((change, index) => ({ change, index }))
    .filter(({ change }) => change.steps.length > 0);
  try {
    // It is better to know now than half-way; and a run that is refused here leaves no trace in the journal.
    for (const { change } of pending) {
      if (run.signal.aborted) return interrupted('nothing-written');
      await checkBefore(change, run);
    }
    const objection = await run.guard?.baseline(
      pending.map(({ change }) => change),
      run.signal,
    );
    if (objection !== undefined) return stopFor(objection);
    for (const [done, { change, index }] of pending.entries()) {
      const stop = await runChange({ change, index }, run);
      if (stop !== undefined) return stop;
      // What the guard has yet to look at is not completed.
      if (run.guardAtEnd) continue;
      run.ledger.completed(index);
      tellDone(change, done + 1, pending.length, run);
    }
    return run.guardAtEnd ? await watchAll(pending, run) : undefined;
  } catch (error) {
    return stopFor(error);
  }
}

function tellDone({ loadBalancer }: PlanChange, done: number, total: number, { context }: Run): void {
  if (total > 1) context.emit({ code: 'load-balancer-done', loadBalancer, done, total });
}

async function checkBefore(change: PlanChange, { api, forced, context, plan }: Run): Promise<void> {
  const { name, region } = change.loadBalancer;
  const answer = readLoadBalancer(await api(region), name, context.clock, 'side-by-side');
  const reading = await within(readMs, answer, change.loadBalancer, context);
  const objection = objectionToChange(change, reading.loadBalancer, {
    remaining: change.steps,
    forced,
    done: [],
    wrote: false,
    action: plan.action,
  });
  if (objection !== undefined) throw objection.stop;
}

/**
 * Carries out one load balancer's steps. Each rests on the read that showed the one before it, where that is young enough
 * when the write leaves. The first reads for itself: behind the look whether it may begin stands the journal's first record.
 */
async function runChange({ change, index }: IndexedChange, run: Run): Promise<Stop | undefined> {
  const { forced, ledger, signal, context, plan } = run;
  const { loadBalancer, steps } = change;
  const api = await run.api(loadBalancer.region);
  let known: Reading | undefined;
  const objectionBefore = (remaining: readonly Step[], fresh: LoadBalancer | undefined) => {
    const done = ledger.standing.filter(({ reference: { change: at } }) => at === index);
    return objectionToChange(change, fresh, {
      remaining,
      forced,
      done: done.map((write) => write.step),
      wrote: ledger.standing.length > 0,
      action: plan.action,
    });
  };
  for (const [stepIndex, step] of steps.entries()) {
    if (signal.aborted) return interruptedAt(run);
    const reference = { change: index, step: stepIndex, direction: 'forward' as const };
    const check = (fresh: LoadBalancer | undefined) => objectionBefore(steps.slice(stepIndex), fresh);
    const result = await writeStep({ api, loadBalancer, step, reference, check }, context, {
      known,
      next: steps[stepIndex + 1],
    });
    ledger.wrote({ api, loadBalancer, step, reference }, result);
    if (result.kind !== 'done') return stopAfter(result, step, change, run);
    known = result.reading;
    if (step.call === 'SetLoadBalancerPoliciesForBackendServer' && !run.guardAtEnd) {
      const stop = await watch([{ change, instancePort: step.instancePort }], run);
      if (stop !== undefined) return stop;
    }
  }
  // While the last port was written, another operator may have changed one that was done.
  const confirm = (fresh: LoadBalancer | undefined) => objectionBefore([], fresh);
  const overtaken =
    writtenPorts(steps).length > 1 ? await lookBack(api, loadBalancer, confirm, known, context) : undefined;
  return overtaken && stopFor(overtaken);
}

/** Someone asked to stop. What no guard has seen pass is taken back, where there is one; else what was done stays. */
function interruptedAt({ guard, ledger }: Run): Stop {
  if (ledger.standing.length === 0) return interrupted('nothing-written');
  const unwatched = guard !== undefined && ledger.byCompletion().begun.length > 0;
  return interrupted(unwatched ? 'unguarded' : 'half-way');
}

/** All that was changed, at once: none of it is to be broken and unseen while another is watched. */
function watchAll(pending: readonly IndexedChange[], run: Run): Promise<Stop | undefined> {
  const ports = pending.flatMap(({ change }) =>
    change.steps.flatMap((step) =>
      step.call === 'SetLoadBalancerPoliciesForBackendServer'
        ? [{ change, instancePort: step.instancePort }]
        : [],
    ),
  );
  return watch(ports, run);
}

async function watch(ports: readonly GuardedPort[], { guard, signal }: Run): Promise<Stop | undefined> {
  if (guard === undefined) return undefined;
  const watched = await guard.watch(ports, signal);
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
