import { applyPlan } from '../../app/apply-plan.js';
import type { LockTarget, StillLocked } from '../../app/ports.js';
import { reportOn } from '../../app/report-on.js';
import { settle } from '../../app/settle.js';
import { carriedOutAt } from '../../core/caller.js';
import type { HazardCode } from '../../core/hazards.js';
import { nextCommand } from '../../core/next-command.js';
import { overrule } from '../../core/overrule.js';
import { type Plan, standingBlockers } from '../../core/plan.js';
import type { Report } from '../../core/report.js';
import { ElbProxyError, usageError } from '../../errors.js';
import type { Context } from '../context.js';
import type { Given } from '../define.js';
import { type ExitCode, exitCodeOfReport } from '../exit-codes.js';
import { rateOf, settleTimeoutOf } from '../options.js';
import { heldContext, placeOf, sayUnknownCaller, signed } from '../place.js';
import { checkSummary } from '../summary.js';
import { whileWaiting } from '../while-waiting.js';
import { confirmPlan } from './confirm-plan.js';
import { digestMismatch, expectedDigestOf } from './expect-digest.js';
import { guardOf, guardRequestOf } from './guard-of.js';
import { guardWords } from './guard-words.js';
import { lockTimeoutOf } from './lock-options.js';
import { newChangeId } from './new-change-id.js';
import { checkPlanOutput, printPlan, printReport } from './print-plan.js';
import { unlessInterrupted, withLocks } from './with-locks.js';

/** Complains about options that do not go together, before anything is read. */
export async function checkOptions(given: Given): Promise<void> {
  for (const option of ['out', 'detailed-exitcode']) {
    if (given.text(option) !== undefined && !given.flag('dry-run')) {
      throw usageError(
        `--${option} goes with --dry-run`,
        'add --dry-run: it makes the plan and changes nothing',
      );
    }
  }
  if (given.flag('atomic') && given.flag('no-rollback'))
    throw usageError('--atomic and --no-rollback are both given', 'give one of them');
  checkPlanOutput(given);
  expectedDigestOf(given);
  rateOf(given);
  await guardRequestOf(given);
  lockTimeoutOf(given);
  settleTimeoutOf(given);
}

/** A plan that is still to be made, and the load balancers that it will be about. */
export interface Planning {
  readonly targets: readonly LockTarget[];
  readonly makePlan: () => Promise<Plan>;
  /** Why this run must not go on, because it acts on another account; never rejects. */
  readonly verdict?: Promise<ElbProxyError | undefined> | undefined;
}

/**
 * What `enable`, `disable`, `apply` and `undo` do with a plan: show it and stop there (`--dry-run`), or refuse, or ask,
 * carry it out and report. Where nobody is asked, the plan is made once it is this run's turn, so that it starts from
 * what the run before it left; else the turn begins after the answer, and a plan that has gone stale is refused.
 */
export async function carryOut(
  { targets, makePlan, verdict }: Planning,
  given: Given,
  unheld: Context,
  forced: readonly HazardCode[] = [],
): Promise<ExitCode> {
  const context = verdict === undefined ? unheld : heldContext(unheld, verdict);
  await checkSummary(given, context);
  const planned = () => whileWaiting('reading what is there', makePlan(), context);
  if (given.flag('dry-run')) return dryRun(await planned(), given, context);
  if (given.flag('yes')) {
    return withLocks(targets, given, context, async (locks) => {
      const plan = await unlessInterrupted(planned(), context);
      const decided = await decide(plan, given, context, forced, verdict);
      return typeof decided === 'number' ? decided : perform(decided, given, context, forced, locks);
    });
  }
  const decided = await decide(await planned(), given, context, forced, verdict);
  if (typeof decided === 'number') return decided;
  return withLocks(pendingIn(decided), given, context, (locks) =>
    perform(decided, given, context, forced, locks),
  );
}

/** The load balancers that a plan changes. */
export function pendingIn({ changes }: Plan): readonly LockTarget[] {
  return changes.filter(({ steps }) => steps.length > 0).map(({ loadBalancer }) => loadBalancer);
}

/** Shows a plan and asks; gives it as it is to be carried out, or the exit code where it is not. */
async function decide(
  made: Plan,
  given: Given,
  context: Context,
  forced: readonly HazardCode[],
  verdict: Planning['verdict'],
): Promise<Plan | ExitCode> {
  // A plan from a file was made without this run's --force.
  const overruled = overrule(made, () => forced);
  const waits = !given.flag('yes') || !made.pending || context.output === 'text';
  const foreign = waits ? await verdict : undefined;
  // Who is shown a plan, or asked about it, is to see who will carry it out.
  const plan = waits ? carriedOutAt(overruled, await placeOf(overruled, context)) : overruled;
  const refused = (error: ElbProxyError): Promise<ExitCode> =>
    report(reportOn(plan, { changeId: null, outcome: 'refused', error }), given, context);
  const mismatch = digestMismatch(made, given);
  if (mismatch !== undefined) return refused(mismatch);
  if (foreign !== undefined) return refused(foreign);
  if (!plan.pending) {
    const { clock, emit } = context;
    await settle(plan, { journal: await context.journal(), clock, emit });
    return report(reportOn(plan, { changeId: null, outcome: 'unchanged' }), given, context);
  }
  await showPlan(plan, given, context);
  const confirmed = await confirmPlan(plan, given.flag('yes'), context);
  if (!(confirmed instanceof ElbProxyError)) return confirmed;
  // Who has just answered no needs no report of it; a script that reads a document gets one.
  if (confirmed.code === 'cancelled' && context.output === 'text') throw confirmed;
  return refused(confirmed);
}

async function perform(
  plan: Plan,
  given: Given,
  context: Context,
  forced: readonly HazardCode[],
  locks: ElbProxyError | StillLocked,
): Promise<ExitCode> {
  if (locks instanceof ElbProxyError)
    return report(reportOn(plan, { changeId: null, outcome: 'unchanged', error: locks }), given, context);
  const guard = await guardOf(given, context);
  const journal = signed(await context.journal(), () => placeOf(plan, context));
  const { clock, emit, api, io } = context;
  const { take, words } = guardWords(clock);
  const applied = applyPlan(
    plan,
    { rollback: !given.flag('no-rollback'), atomic: given.flag('atomic'), forced, guard },
    {
      api,
      journal,
      clock,
      emit: (event) => {
        if (!take(event)) emit(event);
      },
      newChangeId: () => newChangeId(clock.now()),
      signal: io.signal,
      stillLocked: locks,
      settleMs: settleTimeoutOf(given),
    },
  );
  const done = await whileWaiting(guard === undefined ? 'at work' : words, applied, context);
  return report(done, given, context);
}

async function dryRun(plan: Plan, given: Given, context: Context): Promise<ExitCode> {
  const mismatch = digestMismatch(plan, given);
  if (mismatch !== undefined) throw mismatch;
  const out = given.text('out');
  if (out !== undefined) await (await import('../../plan-file/plan-file.js')).writePlanFile(out, plan);
  await sayUnknownCaller(context);
  await printPlan(plan, given, context);
  const blockers = [...new Set(plan.changes.flatMap(standingBlockers).map(({ code }) => code))];
  if (out !== undefined) await context.tell(() => `plan written to ${out}; ${whatNext(out, blockers)}\n`);
  if (!given.flag('detailed-exitcode') || !plan.pending) return 0;
  return blockers.length > 0 ? 3 : 2;
}

function whatNext(out: string, blockers: readonly HazardCode[]): string {
  if (blockers.length === 0) return `carry it out with: ${nextCommand('apply', [out])}`;
  const force = nextCommand('apply', [out], { force: blockers.join(',') });
  return `apply would refuse it: ${blockers.join(', ')}. Remove the cause, or overrule it with: ${force}`;
}

/**
 * The plan before it is carried out: with the results, or beside them where those are JSON. Who is asked about it must
 * see it, wherever the results go.
 */
async function showPlan(plan: Plan, given: Given, { io, output, print, tell }: Context): Promise<void> {
  const { renderPlan } = await import('../../render/text/plan.js');
  if (output === 'text') await print(plan, (shown, style) => `${renderPlan(shown, style)}\n`);
  const asked = !given.flag('yes') && io.stdin.isTerminal;
  const seen = output === 'text' && (io.stdout.isTerminal || !asked);
  if (!seen && io.stderr.isTerminal) await tell((style) => renderPlan(plan, style));
}

async function report(ran: Report, given: Given, context: Context): Promise<ExitCode> {
  const done = { ...ran, ...(await placeOf(ran, context)) };
  await sayUnknownCaller(context);
  await printReport(done, given, context);
  // The text report tells the reason already; on a terminal the same again would only confuse.
  const told = context.output === 'text' && context.io.stdout.isTerminal;
  if (done.error !== undefined && !told) {
    const { renderError } = await import('../../render/error.js');
    const { code, message, hint, requestId } = done.error;
    await context.tell((style) =>
      renderError(new ElbProxyError(message, { code, fault: 'service', hint, requestId }), style),
    );
  }
  return exitCodeOfReport(done);
}
