import { namesWithTags } from '../../app/inspect.js';
import { makePlan, type PlanRequest } from '../../app/make-plan.js';
import type { ElasticLoadBalancing } from '../../app/ports.js';
import { pendingChanges } from '../../core/change-facts.js';
import type { PortChoice } from '../../core/choose-ports.js';
import type { Tag } from '../../core/model.js';
import { nextCommand } from '../../core/next-command.js';
import type { Plan } from '../../core/plan.js';
import { ElbProxyError, usageError } from '../../errors.js';
import type { Context } from '../context.js';
import type { Given } from '../define.js';
import { maxChangesOf, namesOf, portsOf, regionOf, tagsOf } from '../options.js';
import { whileWaiting } from '../while-waiting.js';
import type { Planning } from './carry-out.js';
import type { ChangeOptions, portChangeOptions } from './change-options.js';
import { chooseNames, choosePortsOf } from './choose.js';
import { instanceProbe, type VerifyFrom, verifyFromOf } from './instance-probe.js';

/** What `enable` and `disable` add to the names and ports that both take. */
type Particulars =
  | Pick<Extract<PlanRequest, { action: 'enable' }>, 'action' | 'policyName' | 'forced'>
  | Pick<Extract<PlanRequest, { action: 'disable' }>, 'action' | 'deletePolicy' | 'forced'>;

/** Which ports of which load balancers are to be changed. */
export interface ChangeRequest {
  readonly names: readonly string[];
  readonly tags: readonly Tag[];
  readonly ports: PortChoice | undefined;
  readonly maxChanges: number;
  readonly region: string | undefined;
  /** `here`, or `instances` with how they are asked; undefined where nobody is. */
  readonly verifyBackends: VerifyFrom | undefined;
}

/**
 * Reads the names, and the options that choose.
 * @throws a usage error, also where they do not go together
 */
export function readChangeRequest(given: Given<typeof portChangeOptions>): ChangeRequest {
  const { options } = given;
  const [ports, names, tags] = [portsOf(options), namesOf(given), tagsOf(options)];
  const [maxChanges, region] = [maxChangesOf(options), regionOf(options)];
  if (names.length > 0 && tags.length > 0)
    throw usageError('load balancers are named, and --tag is given, too', 'give names or --tag');
  return { names, tags, ports, maxChanges, region, verifyBackends: verifyFromOf(options) };
}

/** The plan of an `enable` or `disable`; asks for what is missing where there is someone to answer. */
export async function requestedPlan(
  { names: named, tags, ports, maxChanges, region, verifyBackends }: ChangeRequest,
  particulars: Particulars,
  { dryRun, yes }: Pick<ChangeOptions, 'dryRun' | 'yes'>,
  context: Context,
): Promise<Planning> {
  const anyNamed = named.length > 0 || tags.length > 0;
  const prompter = !anyNamed || ports === undefined ? await context.prompter() : undefined;
  const usage = `usage: elb-proxy ${particulars.action} <name...> --port N`;
  if (!anyNamed && prompter === undefined) throw usageError('no load balancer is named', usage);
  if (ports === undefined && prompter === undefined)
    throw usageError(
      'no instance port is given',
      `${usage}, or --all-ports; ${nextCommand('status')} shows the ports`,
    );

  const api = await context.api(region);
  const names = tags.length > 0 ? await tagged(api, tags, context) : named;
  const picked =
    names.length === 0 && prompter !== undefined ? await chooseNames(api, prompter, context) : names;
  const chosen =
    ports ??
    (prompter === undefined ? [] : await choosePortsOf(api, picked, particulars.action, prompter, context));
  const probeInstances =
    verifyBackends === undefined ? undefined : await instanceProbe(context, verifyBackends);
  const make = async (): Promise<Plan> => {
    const plan = await makePlan(
      { ...particulars, names: picked, ports: chosen, tool: context.tool },
      { api, clock: context.clock, emit: context.emit, probeInstances, caller: context.caller(region) },
    );
    if (dryRun === undefined) refuseTooMany(plan, maxChanges);
    return plan;
  };
  // With --yes the plan is made behind the locks; what will be refused must not take hundreds of them first.
  if (yes && dryRun === undefined && picked.length > maxChanges) await make();
  return { targets: picked.map((name) => ({ name, region: api.region })), makePlan: make };
}

async function tagged(
  api: ElasticLoadBalancing,
  tags: readonly Tag[],
  context: Context,
): Promise<readonly string[]> {
  const { emit } = context;
  const names = await whileWaiting('reading tags', namesWithTags(api, { tags, emit }), context);
  if (names.length > 0) return names;
  const wanted = tags.map(({ key, value }) => `--tag ${key}=${value}`);
  throw new ElbProxyError(`no load balancer in ${api.region} has ${wanted.join(' and ')}`, {
    code: 'nothing-tagged',
    fault: 'user',
    hint: `list those that are there with: ${nextCommand('status', [], { region: api.region })}`,
  });
}

/** A filter that matches more than was meant must not change a fleet. */
function refuseTooMany({ action, changes }: Plan, most: number): void {
  const count = pendingChanges({ changes }).length;
  if (count <= most) return;
  throw new ElbProxyError(
    `this ${action} would change ${count} load balancers, and --max-changes allows ${most}: nothing was changed`,
    {
      code: 'too-many-changes',
      fault: 'world',
      hint: `look at them with --dry-run; if all of them are meant, add --max-changes ${count}`,
    },
  );
}
