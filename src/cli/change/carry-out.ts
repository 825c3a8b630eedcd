import { applyPlan } from '../../app/apply-plan.js';
import type { LockTarget, StillLocked } from '../../app/ports.js';
import { reportOn } from '../../app/report-on.js';
import { refusedNow } from '../../app/run-forward.js';
import { settle } from '../../app/settle.js';
import { pendingChanges } from '../../core/change-facts.js';
import type { HazardCode } from '../../core/hazards.js';
import { nextCommand } from '../../core/next-command.js';
import { overrule } from '../../core/overrule.js';
import { carriedOutAt, type Plan, standingBlockers } from '../../core/plan.js';
import type { Leftover, Report } from '../../core/report.js';
import { ElbProxyError } from '../../errors.js';
import { newChangeId } from '../../journal/new-change-id.js';
import type { Context } from '../context.js';
import { type ExitCode, exitCodeOfReport } from '../exit-codes.js';
import { heldContext, placeOf, sayUnknownCaller, signed } from '../place.js';
import { whileWaiting } from '../while-waiting.js';
import type { ChangeOptions } from './change-options.js';
import { confirmPlan } from './confirm-plan.js';
import { digestMismatch } from './expect-digest.js';
import { guardOf } from './guard-of.js';
import { guardWords } from './guard-words.js';
import { printPlan, printReport } from './print-plan.js';
import { nowhere, refersToPlan, type Shown, showPlan } from './show-plan.js';
import { refuseNetworkLock, unlessInterrupted, withLocks } from './with-locks.js';

/** A plan that is not made yet, and the load balancers that it will change. */
export interface Planning {
  readonly targets: readonly LockTarget[];
  readonly makePlan: () => Promise<Plan>;
  /** Parts that may be in effect although the plan leaves them out. */
  readonly left?: readonly Leftover[];
  /** An error if this run must not go on because it acts on another account; never rejects. */
  readonly verdict?: Promise<ElbProxyError | undefined> | undefined;
  /** An error if it must not go on because it uses another endpoint: then nothing is sent there. */
  readonly elsewhere?: ElbProxyError | undefined;
  /** Whether it comes from a file that a reviewer has read: unless it is asked about, one line is enough to identify it. */
  readonly reviewed?: boolean;
}

/**
 * What `enable`, `disable`, `apply` and `undo` do with a plan: show it and stop there (`--dry-run`), or refuse, or ask,
 * carry it out and report. If no one is asked, the plan is made once this run holds the locks, so it starts from the
 * state that the run before it left. Otherwise the locks are taken after the answer, and a stale plan is refused.
 */
export async function carryOut(
  planning: Planning,
  options: ChangeOptions,
  unheld: Context,
): Promise<ExitCode> {
  const { targets, makePlan, verdict, elsewhere } = planning;
  refuseNetworkLock(targets, options.lock);
  const context = verdict === undefined ? unheld : heldContext(unheld, verdict);
  if (elsewhere !== undefined) return report(refusedPlan(await makePlan(), elsewhere), options, context);
  const planned = () => whileWaiting('reading the present state', makePlan(), context);
  if (options.dryRun !== undefined)
    return showOnly(await planned(), { ...options, ...options.dryRun }, context);
  if (options.yes) {
    return withLocks(targets, options, context, async (locks) => {
      const plan = await unlessInterrupted(planned(), context);
      const decided = await decide(plan, options, context, planning);
      return typeof decided === 'number'
        ? decided
        : perform(decided, options, context, locks, { ...planning, justMade: !planning.reviewed });
    });
  }
  const decided = await decide(await planned(), options, context, planning);
  if (typeof decided === 'number') return decided;
  return withLocks(pendingIn(decided), options, context, (locks) =>
    perform(decided, options, context, locks, planning),
  );
}

/** The load balancers that a plan changes. */
export function pendingIn(plan: Plan): readonly LockTarget[] {
  return pendingChanges(plan).map(({ loadBalancer }) => loadBalancer);
}

/** Shows a plan and asks; returns the plan to carry out, or the exit code if it is declined. */
async function decide(
  made: Plan,
  options: ChangeOptions,
  context: Context,
  { verdict, left, reviewed = false }: Planning,
): Promise<Plan | ExitCode> {
  // A plan from a file was made without this run's --force.
  const overruled = overrule(made, () => options.forced);
  const waits = !options.yes || !made.pending || context.output === 'text';
  const foreign = waits ? await verdict : undefined;
  // A plan that is shown, or asked about, names the caller that will carry it out.
  const plan = waits ? carriedOutAt(overruled, await placeOf(overruled, context)) : overruled;
  const refused = (error: ElbProxyError): Promise<ExitCode> =>
    report(refusedPlan(plan, error), options, context);
  const mismatch = digestMismatch(made, options.expectedDigest);
  if (mismatch !== undefined) return refused(mismatch);
  if (foreign !== undefined) return refused(foreign);
  if (!plan.pending) {
    const { clock, emit } = context;
    await settle(plan, { journal: await context.journal(), clock, emit });
    const unchanged = reportOn(plan, { changeId: null, outcome: 'unchanged' });
    return report(withLeft(unchanged, left), options, context);
  }
  if (reviewed && !options.yes && context.io.stdin.isTerminal && context.io.stderr.isTerminal) {
    // No one is asked about a plan that would be refused anyway.
    const { api, networkApi, clock, emit } = context;
    const looking = refusedNow(plan, { api, networkApi, clock, emit });
    const stale = await whileWaiting('comparing the plan with the present state', looking, context);
    if (stale !== undefined) return refused(stale);
  }
  const shown = await showPlan(plan, reviewed, options, context);
  const confirmed = await confirmPlan(
    plan,
    options.yes,
    context,
    // A plan from a file has been reviewed: apply has no dry run.
    `add --yes to carry it out without a prompt${reviewed ? '' : ', or --dry-run to only show it'}`,
  );
  if (!(confirmed instanceof ElbProxyError)) return confirmed;
  // A user who has just answered no needs no report; a script that reads a document gets one.
  if (confirmed.code === 'cancelled' && context.output === 'text') throw confirmed;
  return report(refusedPlan(plan, confirmed), options, context, shown);
}

function refusedPlan(plan: Plan, error: ElbProxyError): Report {
  return reportOn(plan, { changeId: null, outcome: 'refused', error });
}

async function perform(
  plan: Plan,
  options: ChangeOptions,
  context: Context,
  locks: ElbProxyError | StillLocked,
  { left, justMade = false }: Pick<Planning, 'left'> & { readonly justMade?: boolean },
): Promise<ExitCode> {
  if (locks instanceof ElbProxyError)
    return report(reportOn(plan, { changeId: null, outcome: 'unchanged', error: locks }), options, context);
  const { rollback, atomic, forced, settleMs } = options;
  const guard = await guardOf(options.guard, context);
  const journal = signed(await context.journal(), () => placeOf(plan, context));
  const { clock, emit, api, networkApi, io } = context;
  const { take, words } = guardWords(clock);
  const applied = applyPlan(
    plan,
    { rollback, atomic, forced, justMade, guard },
    {
      api,
      networkApi,
      journal,
      clock,
      emit: (event) => {
        if (!take(event)) emit(event);
      },
      newChangeId: () => newChangeId(clock.now()),
      signal: io.signal,
      stillLocked: locks,
      settleMs,
    },
  );
  const done = await whileWaiting(guard === undefined ? 'working' : words, applied, context);
  return report(withLeft(done, left), options, context);
}

/** A report that claims success becomes `partial` if an undo left parts out. */
function withLeft(ran: Report, left: readonly Leftover[] = []): Report {
  const { outcome, error, leftovers } = ran;
  const claims =
    outcome === 'applied' || outcome === 'partial' || (outcome === 'unchanged' && error === undefined);
  return claims && left.length > 0 ? { ...ran, outcome: 'partial', leftovers: [...leftovers, ...left] } : ran;
}

async function showOnly(
  plan: Plan,
  { out, detailedExitCode, expectedDigest, summary }: ChangeOptions & NonNullable<ChangeOptions['dryRun']>,
  context: Context,
): Promise<ExitCode> {
  const mismatch = digestMismatch(plan, expectedDigest);
  if (mismatch !== undefined) throw mismatch;
  if (out !== undefined) await (await import('../../plan-file/plan-file.js')).writePlanFile(out, plan);
  await sayUnknownCaller(context);
  await printPlan(plan, { summary, out }, context);
  const blockers = [...new Set(plan.changes.flatMap(standingBlockers).map(({ code }) => code))];
  if (out !== undefined) await context.say(() => `plan written to ${out}; ${whatNext(out, blockers)}\n`);
  if (!detailedExitCode || !plan.pending) return 0;
  return blockers.length > 0 ? 3 : 2;
}

function whatNext(out: string, blockers: readonly HazardCode[]): string {
  if (blockers.length === 0) return `carry it out with: ${nextCommand('apply', [out])}`;
  const force = nextCommand('apply', [out], { force: blockers.join(',') });
  return `apply would refuse it: ${blockers.join(', ')}. Remove the cause, or overrule it with: ${force}`;
}

/** @param shown the streams that already show the plan, with its blockers explained */
async function report(
  ran: Report,
  options: ChangeOptions,
  context: Context,
  shown: Shown = nowhere,
): Promise<ExitCode> {
  const done = { ...ran, ...(await placeOf(ran, context)) };
  await sayUnknownCaller(context);
  await printReport(shown.stdout ? refersToPlan(done) : done, options, context);
  const { output, io } = context;
  // The text report already gives the reason; repeating it in the same place would only confuse.
  const said = output === 'text' && (io.stdout.isTerminal || io.sharesOutput === true);
  if (done.error !== undefined && !said) {
    const { renderError } = await import('../../render/error.js');
    const { code, message, hint, requestId } = (shown.stderr ? refersToPlan(done) : done).error ?? done.error;
    await context.say((style) =>
      renderError(new ElbProxyError(message, { code, fault: 'service', hint, requestId }), style),
    );
  }
  return exitCodeOfReport(done);
}
