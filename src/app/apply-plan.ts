import type { HazardCode } from '../core/hazards.js';
import type { Plan, PlanChange } from '../core/plan.js';
import type { JournalRecord, StepReference } from '../core/record.js';
import type { Leftover, Report, RunOutcome, StepOutcome } from '../core/report.js';
import { ElbProxyError } from '../errors.js';
import { mayGoOn } from './may-go-on.js';
import type { Journal, WriteDependencies } from './ports.js';
import { readLoadBalancer } from './read.js';
import { reportOn, type StepResult } from './report-on.js';
import { type StandingWrite, takeBack } from './roll-back.js';
import { type WriteContext, type WriteResult, writeStep } from './write-step.js';

/** How a plan is carried out. */
export interface ApplyOptions {
  /** Put back what was done when a step fails (default). */
  readonly rollback?: boolean | undefined;
  /** Blockers to overrule besides those that the plan itself names. */
  readonly forced?: readonly HazardCode[] | undefined;
}

/** Why a run stopped, and whether what it did is to stay. */
interface Stop {
  readonly error: ElbProxyError;
  readonly keep: boolean;
}

/**
 * Carries out a plan, or refuses. Every write is preceded by a fresh read and followed by a read-back; when one
 * fails, those before it are put back in reverse order. Never rejects for what the service or the world did:
 * the report says it.
 */
export async function applyPlan(
  plan: Plan,
  options: ApplyOptions,
  dependencies: WriteDependencies,
): Promise<Report> {
  const { emit, clock, signal } = dependencies;
  const changeId = dependencies.newChangeId();
  const at = () => clock.now().toISOString();
  const { journal, begun } = beginning(dependencies.journal, () => ({
    formatVersion: 1,
    record: 'begin',
    changeId,
    at: at(),
    holder: dependencies.journal.holder,
    plan,
  }));
  const context: WriteContext = { changeId, journal, clock, emit, signal };
  const results = new Map<string, StepResult>();
  const standing: StandingWrite[] = [];

  const finish = async (
    outcome: RunOutcome,
    error?: ElbProxyError,
    leftovers: readonly Leftover[] = [],
  ): Promise<Report> => {
    if (begun()) {
      await journal
        .append({ formatVersion: 1, record: 'end', changeId, at: at(), outcome })
        .catch((failure: unknown) => {
          emit({
            code: 'warning',
            message: `the end of the run could not be recorded: ${messageOf(failure)}`,
          });
        });
    }
    return reportOn(plan, { changeId: begun() ? changeId : null, outcome, results, leftovers, error });
  };

  const stop = await run();
  if (stop === undefined) return finish(plan.pending ? 'applied' : 'unchanged');
  if (standing.length === 0)
    return finish(stop.error.fault === 'world' ? 'refused' : 'unchanged', stop.error);
  if (stop.keep || options.rollback === false)
    return finish('partial', stop.error, kept(standing, changeId));
  emit({ code: 'rolling-back', reason: stop.error.message });
  const leftovers: Leftover[] = [];
  for (const write of standing.toReversed()) {
    const result = await takeBack(write, context);
    if (result.kind === 'left') leftovers.push(result.leftover);
    else
      results.set(keyOf(write.reference), { ...results.get(keyOf(write.reference)), outcome: 'rolled-back' });
  }
  return finish(
    leftovers.every(({ harmless }) => harmless) ? 'rolled-back' : 'partial',
    stop.error,
    leftovers,
  );

  async function run(): Promise<Stop | undefined> {
    const pending = plan.changes
      .map((change, index) => ({ change, index }))
      .filter(({ change }) => change.steps.length > 0);
    try {
      // The first is read right before its own write; of the others it is better to know now than half-way.
      for (const { change } of pending.slice(1)) await checkBefore(change);
      for (const { change, index } of pending) {
        const stopped = await runChange(change, index);
        if (stopped !== undefined) return stopped;
      }
      return undefined;
    } catch (error) {
      return { error: asError(error), keep: false };
    }
  }

  async function checkBefore(change: PlanChange): Promise<void> {
    const api = await dependencies.api(change.loadBalancer.region);
    const objection = mayGoOn(
      plan.action,
      change,
      change.steps,
      await readLoadBalancer(api, change.loadBalancer.name),
      options.forced,
    );
    if (objection !== undefined) throw objection;
  }

  async function runChange(change: PlanChange, index: number): Promise<Stop | undefined> {
    const api = await dependencies.api(change.loadBalancer.region);
    for (const [stepIndex, step] of change.steps.entries()) {
      if (signal.aborted) return interrupted();
      const reference: StepReference = { change: index, step: stepIndex, direction: 'forward' };
      const result = await writeStep(
        api,
        change.loadBalancer,
        step,
        reference,
        (fresh) =>
          mayGoOn(
            plan.action,
            change,
            change.steps.slice(stepIndex),
            fresh,
            options.forced,
            standing.length > 0,
          ),
        context,
      );
      const outcome = outcomeOf(result);
      results.set(keyOf(reference), {
        outcome,
        requestId: requestIdOf(result),
      });
      if (outcome === 'done' || outcome === 'unknown')
        standing.push({ api, loadBalancer: change.loadBalancer, step, reference });
      if (result.kind !== 'done')
        return signal.aborted && result.kind === 'failed'
          ? interrupted()
          : { error: whyStopped(result), keep: false };
    }
    return undefined;

    function whyStopped(result: Exclude<WriteResult<ElbProxyError>, { kind: 'done' }>): ElbProxyError {
      switch (result.kind) {
        case 'stopped':
          return result.stop;
        case 'overwritten':
          return overwritten(change);
        case 'failed':
        case 'unknown':
          return asError(result.error);
      }
    }
  }
}

/** A journal that records the beginning of the run together with its first record: a run that writes nothing leaves none. */
function beginning(
  journal: Journal,
  begin: () => JournalRecord,
): { readonly journal: Journal; readonly begun: () => boolean } {
  let begun = false;
  return {
    begun: () => begun,
    journal: {
      ...journal,
      append: async (record) => {
        if (!begun) await journal.append(begin());
        begun = true;
        await journal.append(record);
      },
    },
  };
}

function outcomeOf(result: WriteResult<unknown>): StepOutcome {
  switch (result.kind) {
    case 'done':
    case 'overwritten':
      return 'done';
    case 'stopped':
      return 'not-run';
    case 'failed':
      return 'failed';
    case 'unknown':
      return 'unknown';
  }
}

function requestIdOf(result: WriteResult<unknown>): string | undefined {
  if (result.kind === 'done') return result.requestId;
  return 'error' in result && result.error instanceof ElbProxyError ? result.error.requestId : undefined;
}

function keyOf({ change, step }: StepReference): string {
  return `${change}/${step}`;
}

function interrupted(): Stop {
  return {
    keep: true,
    error: new ElbProxyError('interrupted; the step in flight was finished and recorded', {
      code: 'interrupted',
      fault: 'user',
    }),
  };
}

function overwritten({ loadBalancer: { name, region } }: PlanChange): ElbProxyError {
  return new ElbProxyError(
    `what was written to load balancer ${name} (${region}) is not what reads back: somebody else changes it at the same time`,
    {
      code: 'concurrent-change',
      fault: 'world',
      hint: `look at it with: elb-proxy status ${name} --region ${region}`,
    },
  );
}

/** One for each load balancer where something was done; the others are as they were. */
function kept(standing: readonly StandingWrite[], changeId: string): readonly Leftover[] {
  const touched = new Map(
    standing.map(({ loadBalancer }) => [`${loadBalancer.region}/${loadBalancer.name}`, loadBalancer]),
  );
  return [...touched.values()].map(({ name, region }) => ({
    loadBalancer: name,
    region,
    message: 'what was done until here stays in effect',
    harmless: false,
    command: `elb-proxy undo ${changeId}`,
  }));
}

function asError(error: unknown): ElbProxyError {
  if (error instanceof ElbProxyError) return error;
  return new ElbProxyError(messageOf(error), { code: 'internal', fault: 'tool', cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
