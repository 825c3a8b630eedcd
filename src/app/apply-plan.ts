import { summariseGuard } from '../core/guard-summary.js';
import type { HazardCode } from '../core/hazards.js';
import { nextCommand, statusCommand } from '../core/next-command.js';
import type { Plan } from '../core/plan.js';
import { type JournalRecord, longestReason } from '../core/record.js';
import type { Leftover, Report, RunOutcome } from '../core/report.js';
import { withoutUndefined } from '../core/without-undefined.js';
import type { ElbProxyError } from '../errors.js';
import { type GuardOptions, makeGuard } from './guard.js';
import { makeLedger } from './ledger.js';
import type { Clock, Journal, WriteDependencies } from './ports.js';
import { reportOn } from './report-on.js';
import { rollBackWrite } from './roll-back.js';
import { type Run, runForward } from './run-forward.js';
import { asElbProxyError, interrupted, type Stop } from './stop.js';
import type { StandingWrite } from './switched.js';

/** How a plan is carried out. */
export interface ApplyOptions {
  /** When a step fails, put back what was done to its load balancer (default). */
  readonly rollback?: boolean | undefined;
  /** When a step fails, put back all load balancers, also those that were completed before; not by default. */
  readonly atomic?: boolean | undefined;
  /** Blockers to overrule in addition to the plan's own. */
  readonly forced?: readonly HazardCode[] | undefined;
  /** The plan was made from what this run has just read; else a Network Load Balancer's creation time is compared first. */
  readonly justMade?: boolean | undefined;
  /** Watch traffic through the load balancer, and roll back when it breaks. */
  readonly guard?: GuardOptions | undefined;
}

/** Reads may lag a minute behind a write, in milliseconds. */
const defaultSettleMs = 60_000;

/**
 * Carries out a plan, or refuses. Every write is based on a fresh read and followed by a read-back. If a write or the
 * guard fails, the run stops, and earlier writes to the same load balancer (`atomic`: to all) are put back in reverse
 * order. Never rejects because of the service or a concurrent change: the report contains it.
 */
export async function applyPlan(
  plan: Plan,
  options: ApplyOptions,
  dependencies: WriteDependencies,
): Promise<Report> {
  const run = beginRun(plan, options, dependencies);
  const stop = await runForward(run);
  return finish(run, stop === undefined ? completeEnd(run) : await stoppedEnd(run, stop, options));
}

interface RecordedRun extends Run {
  /** Whether the journal has the beginning of this run, because a write was imminent. */
  readonly begun: () => boolean;
}

/** How a run ends. */
interface End {
  readonly outcome: RunOutcome;
  readonly error?: ElbProxyError | undefined;
  readonly leftovers?: readonly Leftover[];
}

function beginRun(
  plan: Plan,
  { guard, forced = [], justMade = false }: ApplyOptions,
  { api, networkApi, clock, emit, newChangeId, signal, stillLocked, ...dependencies }: WriteDependencies,
): RecordedRun {
  const { holder } = dependencies.journal;
  const changeId = newChangeId();
  const { journal, begun } = begunJournal(dependencies.journal, () => ({
    ...recordBase(changeId, clock),
    record: 'begin',
    holder,
    plan,
  }));
  const { settleMs = defaultSettleMs } = dependencies;
  const undoes = plan.undoes !== undefined || plan.action === 'undo';
  return {
    plan,
    api,
    networkApi,
    signal,
    forced,
    justMade,
    guard: guard && makeGuard(guard, clock, emit),
    guardAtEnd: guard?.all === true,
    ledger: makeLedger(),
    context: { changeId, journal, clock, emit, signal, stillLocked, settleMs, undoes },
    begun,
  };
}

function completeEnd({ plan, signal }: Run): End {
  if (!plan.pending) return { outcome: 'unchanged' };
  // Too late to stop anything; but the caller, and the script around this run, must know.
  return { outcome: 'applied', error: signal.aborted ? interrupted('complete').error : undefined };
}

async function stoppedEnd(run: Run, { error, keep }: Stop, options: ApplyOptions): Promise<End> {
  const { ledger, context, guard, signal } = run;
  const { changeId } = context;
  if (ledger.standing.length === 0)
    return { outcome: error.fault === 'world' ? 'refused' : 'unchanged', error };
  if (keep || options.rollback === false) {
    const message = 'what was done so far stays in effect';
    return { outcome: 'partial', error, leftovers: kept(ledger.standing, changeId, message, keep) };
  }
  const { completed, begun } = ledger.byCompletion();
  const [stays, putBack] = options.atomic === true ? [[], ledger.standing] : [completed, begun];
  const leftovers = [
    ...kept(stays, changeId, 'completed before the run stopped, and still in effect'),
    ...(await rollBack(run, error, putBack)),
  ];
  await guard?.restored((one) => putBack.some(({ loadBalancer }) => loadBalancer === one), signal);
  const isBack = leftovers.every(({ harmless }) => harmless) && !ledger.inDoubt();
  return { outcome: isBack ? 'rolled-back' : 'partial', error, leftovers };
}

/** Takes writes back, the newest first; returns those that could not be taken back. */
async function rollBack(
  { ledger, context }: Run,
  why: ElbProxyError,
  writes: readonly StandingWrite[],
): Promise<readonly Leftover[]> {
  if (writes.length > 0) context.emit({ code: 'rolling-back', reason: why.message });
  const leftovers: Leftover[] = [];
  const left: StandingWrite[] = [];
  for (const write of writes.toReversed()) {
    const result = await rollBackWrite(write, context, stillUsed(write, left));
    if (result.kind === 'rolled-back') {
      ledger.rolledBack(write);
      continue;
    }
    left.push(write);
    leftovers.push(result.leftover);
    if (result.inDoubt) ledger.lostSight(write);
    else ledger.stayed(write);
  }
  return leftovers;
}

/** Records the end of a run that has written, and reports it. */
async function finish(
  { plan, ledger, guard, context, begun }: RecordedRun,
  { outcome, error, leftovers = [] }: End,
): Promise<Report> {
  const { changeId, journal, clock, emit } = context;
  if (begun()) {
    const end = withoutUndefined({
      ...recordBase(changeId, clock),
      record: 'end' as const,
      outcome,
      error: error && { code: error.code.slice(0, 255), message: error.message.slice(0, longestReason) },
      guard: guard && summariseGuard(guard.report()),
    });
    await journal.append(end).catch((failure: unknown) => {
      const { message } = asElbProxyError(failure);
      emit({ code: 'warning', message: `the end of the run could not be recorded: ${message}` });
    });
  }
  return reportOn(plan, {
    changeId: begun() ? changeId : null,
    outcome,
    ledger,
    leftovers,
    error,
    guard: guard?.report(),
  });
}

function recordBase(changeId: string, clock: Clock) {
  return { formatVersion: 1 as const, changeId, at: clock.now().toISOString() };
}

/** Records the beginning of a run together with its first record: a run that writes nothing leaves no trace. */
function begunJournal(
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

/** Why the policy that a step created must stay: a list that it was put on was not taken back. */
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

/** One event for each load balancer that was changed; the others are as they were. */
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
    look: statusCommand({ name, region }),
    command: nextCommand('undo', [changeId]),
  }));
}
