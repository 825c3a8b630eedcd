import { makePlan, type PlanRequest } from '../app/make-plan.js';
import { usageError } from '../errors.js';
import type { Planning } from './carry-out.js';
import { chooseNames, choosePortsOf } from './choose.js';
import type { Context } from './context.js';
import type { Given } from './define.js';
import { namesOf, portsOf, regionOf } from './options.js';

/** What `enable` and `disable` add to the names and ports that both take. */
type Particulars =
  | Pick<Extract<PlanRequest, { action: 'enable' }>, 'action' | 'policyName' | 'forced'>
  | Pick<Extract<PlanRequest, { action: 'disable' }>, 'action' | 'deletePolicy'>;

/** The plan of an `enable` or `disable`; asks for what is missing where somebody is there to answer. */
export async function requestedPlan(
  given: Given,
  particulars: Particulars,
  context: Context,
): Promise<Planning> {
  const ports = portsOf(given);
  const named = namesOf(given);
  const region = regionOf(given);
  const prompter = named.length === 0 || ports === undefined ? await context.prompter() : undefined;
  const usage = `usage: elb-proxy ${particulars.action} <name...> --port N`;
  if (named.length === 0 && prompter === undefined) throw usageError('no load balancer is named', usage);
  if (ports === undefined && prompter === undefined)
    throw usageError('no instance port is given', `${usage}, or --all-ports`);

  const api = await context.api(region);
  const names =
    named.length === 0 && prompter !== undefined ? await chooseNames(api, prompter, context) : named;
  const chosen = ports ?? (prompter === undefined ? [] : await choosePortsOf(api, names, prompter, context));
  return {
    targets: names.map((name) => ({ name, region: api.region })),
    makePlan: () =>
      makePlan(
        { ...particulars, names, ports: chosen, tool: context.tool },
        { api, clock: context.clock, emit: context.emit },
      ),
  };
}
