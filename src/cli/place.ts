import { heldToAccount, networkHeldToAccount } from '../app/held-to-account.js';
import type { Journal } from '../app/ports.js';
import type { Place } from '../core/caller.js';
import { carriedOutAt, type PlanChange } from '../core/plan.js';
import type { ReportedChange } from '../core/report.js';
import type { ElbProxyError } from '../errors.js';
import type { Context } from './context.js';

/** A context whose API refuses a run that acts on another account than it must. */
export function heldContext(context: Context, verdict: Promise<ElbProxyError | undefined>): Context {
  return {
    ...context,
    api: async (region) => heldToAccount(await context.api(region), verdict),
    networkApi: async (region) => networkHeldToAccount(await context.networkApi(region), verdict),
  };
}

/** As whom, and at which endpoint, a run works on a plan. */
export async function placeOf(
  { changes: [first] }: { readonly changes: readonly (PlanChange | ReportedChange)[] },
  context: Context,
): Promise<Place> {
  const region = first?.loadBalancer.region;
  const open = first?.targetGroup === undefined ? context.api : context.networkApi;
  const [{ caller }, { endpoint }] = await Promise.all([context.caller(region), open(region)]);
  return { caller, endpoint };
}

/** A journal in which a change says by whom and where it is made, no matter who made its plan. */
export function signed(journal: Journal, place: () => Promise<Place>): Journal {
  return {
    ...journal,
    append: async (record) =>
      journal.append(
        record.record === 'begin' ? { ...record, plan: carriedOutAt(record.plan, await place()) } : record,
      ),
  };
}

/** That the account is not known is not a failure, and is said. */
export async function sayUnknownCaller({ caller, emit }: Context): Promise<void> {
  const answer = await caller();
  if (answer.caller !== undefined || !answer.asked) return;
  emit({ code: 'warning', message: `which account this run acts on is not known: ${answer.why}` });
}
