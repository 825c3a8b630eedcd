import type { HazardCode } from '../core/hazards.js';
import { nextCommand } from '../core/next-command.js';
import type { Plan } from '../core/plan.js';
import type { Leftover, Report, RunOutcome } from '../core/report.js';
import type { ElbProxyError } from '../errors.js';
import { begunJournal } from './begun-journal.js';
import { endRecord } from './end-record.js';
import { type GuardOptions, makeGuard } from './guard.js';
import { makeLedger } from './ledger.js';
import type { WriteDependencies } from './ports.js';
import { reportOn } from './report-on.js';
import { rollBackWrite } from './roll-back.js';
import { runForward } from './run-forward.js';
import type { StandingWrite } from './standing-write.js';
import { asElbProxyError, interrupted } from './stop.js';
import type { WriteContext } from './write-context.js';

/** How a plan is carried out. */
export interface ApplyOptions {
  /** When a step fails, put back what was done to its load balancer (default). */
  readonly rollback?: boolean | undefined;
  /**
   * When a step fails, put back all load balancers, also those that were completed before. Not the default: a run over
   * a fleet that stops at its last load balancer has done what it said to all others.
   */
  readonly atomic?: boolean | undefined;
  /** Blockers to overrule besides those that the plan itself names. */
  readonly forced?: readonly HazardCode[] | undefined;
  /** Watch traffic through the load balancer, and roll back when it breaks. */
  readonly guard?: GuardOptions | undefined;
}

/** Reads may lag a minute behind a write, in milliseconds. */
export const defaultSettleMs = 60_000;

/**
 * Carries out a plan, or refuses. Every write is based on a fresh read and followed by a read-back; when one fails, or
 * the guard does, the run stops, and those before it on the same load balancer (`atomic`: on all) are put back in
 * reverse order. Never rejects for what the service or the world did: the report says it.
 */
export async function applyPlan(
  plan: Plan,
  options: ApplyOptions,
  {
    api,
    networkApi,
    clock,
    emit,
    journal: base,
    newChangeId,
    signal,
    stillLocked,
    settleMs,
  }: WriteDependencies,
): Promise<Report> {
  const changeId = newChangeId();
  const record = () => ({ formatVersion: 1 as const, changeId, at: clock.now().toISOString() });
  const { journal, begun } = begunJournal(base, () => ({
    ...record(),
    record: 'begin',
    holder: base.holder,
    plan,
  }));
  const context: WriteContext = {
    changeId,
    journal,
    clock,
    emit,
    signal,
    stillLocked,
    settleMs: settleMs ?? defaultSettleMs,
    undoes: plan.undoes !== undefined || plan.action === 'undo',
  };
  const ledger = makeLedger();
  const guard = options.guard === undefined ? undefined : makeGuard(options.guard, clock, emit);
  const { forced = [] } = options;

  const stop = await runForward({
    plan,
    api,
    networkApi,
    signal,
    forced,
    guard,
    guardAtEnd: options.guard?.all === true,
    ledger,
    context,
  });
  if (stop === undefined) {
    if (!plan.pending) return finish('unchanged');
    // Too late to stop anything; the caller gets to know, and so is the script around this run.
    return finish('applied', signal.aborted ? interrupted('complete').error : undefined);
  }
  if (ledger.standing.length === 0)
    return finish(stop.error.fault === 'world' ? 'refused' : 'unchanged', stop.error);
  if (stop.keep || options.rollback === false)
    return finish(
      'partial',
      stop.error,
      kept(ledger.standing, changeId, 'what was done until here stays in effect', stop.keep),
    );
  const { completed, begun: unfinished } = ledger.byCompletion();
  const [keep, putBack] = options.atomic === true ? [[], ledger.standing] : [completed, unfinished];
  const leftovers = [
    ...kept(keep, changeId, 'completed before the run stopped, and still in effect'),
    ...(await rollBack(stop.error, putBack)),
  ];
  await guard?.restored((one) => putBack.some(({ loadBalancer }) => loadBalancer === one), signal);
  const isBack = leftovers.every(({ harmless }) => harmless) && !ledger.inDoubt();
  return finish(isBack ? 'rolled-back' : 'partial', stop.error, leftovers);

  async function rollBack(
    why: ElbProxyError,
    writes: readonly StandingWrite[],
  ): Promise<readonly Leftover[]> {
    if (writes.length > 0) emit({ code: 'rolling-back', reason: why.message });
    const left: Leftover[] = [];
    const leftSteps: StandingWrite[] = [];
    for (const write of writes.toReversed()) {
      const result = await rollBackWrite(write, context, stillUsed(write, leftSteps));
      if (result.kind === 'left') leftSteps.push(write);
      if (result.kind === 'rolled-back') ledger.rolledBack(write);
      else {
        left.push(result.leftover);
        if (result.inDoubt) ledger.lostSight(write);
        else ledger.stayed(write);
      }
    }
    return left;
  }

  async function finish(
    outcome: RunOutcome,
    error?: ElbProxyError,
    left: readonly Leftover[] = [],
  ): Promise<Report> {
    if (begun()) {
      const end = endRecord(record(), { outcome, error, guard: guard?.report() });
      await journal.append(end).catch((failure: unknown) => {
        const { message } = asElbProxyError(failure);
        emit({ code: 'warning', message: `the end of the run could not be recorded: ${message}` });
      });
    }
    return reportOn(plan, {
      changeId: begun() ? changeId : null,
      outcome,
      ledger,
      leftovers: left,
      error,
      guard: guard?.report(),
    });
  }
}

/** Why the policy that a step made must stay: a list that it was put on was not taken back. */
function stillUsed(
  { loadBalancer, step }: StandingWrite,
  left: readonly StandingWrite[],
): string | undefined {
  if (step.call !== 'CreateLoadBalancerPolicy') return undefined;
  const user = left.find(
    (other) =>
      other.loadBalancer === loadBalancer &&
      other.step.call === 'SetLoadBalancerPoliciesForBackendServer' &&
      other.step.after.includes(step.policyName),
  )?.step;
  return user && 'instancePort' in user ? `instance port ${user.instancePort} may use it` : undefined;
}

/** One for each load balancer where something was done; the others are as they were. */
function kept(
  standing: readonly StandingWrite[],
  changeId: string,
  message: string,
  onPurpose = true,
): readonly Leftover[] {
  const touched = new Map(
    standing.map(({ loadBalancer }) => [`${loadBalancer.region}/${loadBalancer.name}`, loadBalancer]),
  );
  return [...touched.values()].map(({ name, region }) => ({
    loadBalancer: name,
    region,
    message,
    harmless: false,
    ...(onPurpose ? { kept: true } : {}),
    look: nextCommand('status', [name], { region }),
    command: nextCommand('undo', [changeId]),
  }));
}
