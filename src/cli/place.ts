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

/** The custom endpoint at which a run works on a plan; undefined if AWS's own is asked. */
export async function endpointOf(
  { changes: [first] }: { readonly changes: readonly (PlanChange | ReportedChange)[] },
  context: Context,
): Promise<string | undefined> {
  const open = first?.targetGroup === undefined ? context.api : context.networkApi;
  return (await open(first?.loadBalancer.region)).endpoint;
}

/** As whom, and at which endpoint, a run works on a plan. */
export async function placeOf(
  plan: { readonly changes: readonly (PlanChange | ReportedChange)[] },
  context: Context,
): Promise<Place> {
  const asked = context.caller(plan.changes[0]?.loadBalancer.region);
  const [{ caller }, endpoint] = await Promise.all([asked, endpointOf(plan, context)]);
  return { caller, endpoint };
}

/** A journal whose changes record their own caller and endpoint, not those of the plan's maker. */
export function signed(journal: Journal, place: () => Promise<Place>): Journal {
  return {
    ...journal,
    append: async (record) =>
      journal.append(
        record.record === 'begin' ? { ...record, plan: carriedOutAt(record.plan, await place()) } : record,
      ),
  };
}

/** An unknown account is not a failure, but is reported. */
export async function sayUnknownCaller({ caller, emit }: Context): Promise<void> {
  const answer = await caller();
  if (answer.caller !== undefined || !answer.asked) return;
  emit({ code: 'warning', message: `it is not known which account this run acts on: ${answer.why}` });
}
