import { blockedError } from '../../app/objection-to-change.js';
import { byLoadBalancer, loadBalancerCount, planFacts } from '../../core/change-facts.js';
import type { HazardCode } from '../../core/hazards.js';
import { overrule } from '../../core/overrule.js';
import { type Plan, type PlanChange, standingBlockers } from '../../core/plan.js';
import { ElbProxyError } from '../../errors.js';
import type { Context } from '../context.js';
import { cancelled } from '../prompts/cancelled.js';
import type { Prompter } from '../prompts/prompter.js';

/**
 * A plan that may be carried out, or why not. On a terminal the user types the name of each load balancer that has
 * blockers, which overrules them there, and says yes or no to the others. Without a terminal, blockers need
 * `--force`, and anything else `--yes`.
 *
 * @param withoutAsking the hint if the answer is no, or no one can be asked
 */
export async function confirmPlan(
  plan: Plan,
  yes: boolean,
  context: Pick<Context, 'prompter'>,
  withoutAsking: string,
): Promise<Plan | ElbProxyError> {
  const { pending } = planFacts(plan);
  const blocked = pending.filter((change) => standingBlockers(change).length > 0);
  const prompter = yes ? undefined : await context.prompter();
  if (prompter === undefined) {
    const [first] = blocked;
    if (first !== undefined) return blockedError(first.loadBalancer.name, standingBlockers(first));
    return yes ? plan : notConfirmed('no terminal to ask on', withoutAsking);
  }
  for (const change of blocked) {
    const refusal = await named(change, plan, prompter);
    if (refusal !== undefined) return refusal;
  }
  // Typing the name of each load balancer confirms each of them.
  if (blocked.length < pending.length) {
    const confirmed = await prompter.confirm(
      `Carry out this ${plan.action} on ${namesOf(pending)}${onAccount(plan)}?`,
    );
    if (confirmed !== true) return cancelled(withoutAsking);
  }
  return overrule(plan, (change) => (blocked.includes(change) ? codesOf(change) : []));
}

/** Asks for a load balancer's name in spite of its blockers; returns why not to change it. */
async function named(change: PlanChange, plan: Plan, prompter: Prompter): Promise<ElbProxyError | undefined> {
  const { name, region } = change.loadBalancer;
  const codes = codesOf(change);
  const typed = await prompter.type(
    `${codes.join(', ')} ${codes.length === 1 ? 'blocks' : 'block'} this ${plan.action} on ${name}${groupsOf([change])} (${region})${onAccount(plan)}. To go ahead anyway, type the load balancer's name:`,
  );
  if (typed?.trim() === name) return undefined;
  const { hint } = blockedError(name, standingBlockers(change));
  if (typed === undefined || typed.trim() === '') return cancelled(hint);
  return notConfirmed(
    `${JSON.stringify(typed)} is not the name of load balancer ${name}; nothing was changed`,
    hint,
  );
}

/** The codes of a change's blockers, each once. */
export function codesOf(change: PlanChange): readonly HazardCode[] {
  return [...new Set(standingBlockers(change).map(({ code }) => code))];
}

function onAccount({ caller }: Plan): string {
  return caller === undefined ? '' : `, on account ${caller.accountId}`;
}

function namesOf(pending: readonly PlanChange[]): string {
  if (pending.length <= 5) {
    const names = byLoadBalancer(pending).map((ofOne) => `${ofOne[0].loadBalancer.name}${groupsOf(ofOne)}`);
    return names.join(pending.some(({ targetGroup }) => targetGroup !== undefined) ? '; ' : ', ');
  }
  const [first] = pending;
  const count = loadBalancerCount(pending);
  return count === 1
    ? `${pending.length} target groups of ${first?.loadBalancer.name}`
    : `these ${count} load balancers`;
}

/** The suffix of a load balancer's name: the target groups that are switched, if it has any. */
function groupsOf(changes: readonly PlanChange[]): string {
  const names = changes.flatMap(({ targetGroup }) => targetGroup?.name ?? []);
  if (names.length === 0) return '';
  return `, target ${names.length === 1 ? 'group' : 'groups'} ${names.join(', ')}`;
}

function notConfirmed(why: string, hint: string | undefined): ElbProxyError {
  return new ElbProxyError(`not confirmed: ${why}`, { code: 'not-confirmed', fault: 'world', hint });
}
