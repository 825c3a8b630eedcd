import { namesWithTags } from '../../app/inspect.js';
import { makePlan } from '../../app/make-plan.js';
import { planFacts } from '../../core/change-facts.js';
import type { HazardCode } from '../../core/hazards.js';
import type { Tag } from '../../core/model.js';
import { nextCommand } from '../../core/next-command.js';
import type { Plan } from '../../core/plan.js';
import { ElbProxyError, usageError } from '../../errors.js';
import type { Context } from '../context.js';
import type { Given } from '../define.js';
import type { ExitCode } from '../exit-codes.js';
import { maxChangesOf, namesOf, regionOf, tagsOf, tagWords } from '../options.js';
import type { Prompter } from '../prompts/prompter.js';
import { whileWaiting } from '../while-waiting.js';
import { carryOut, type Planning } from './carry-out.js';
import { type ChangeOptions, type portChangeOptions, readChangeOptions } from './change-options.js';
import { choosePortsOf } from './choose.js';
import type { OfKind } from './choose-kind.js';
import { type Places, placesOf } from './group-options.js';
import { instanceProbe, verifyFromOf } from './instance-probe.js';
import type { ChangeRequest, Particulars } from './requested.js';
import { warnOfInterrupted } from './warn-of-interrupted.js';

/** Runs `enable` or `disable`: reads what was asked, plans it, and carries the plan out or only shows it. */
export async function runChange(
  given: Given<typeof portChangeOptions>,
  particularsOf: (forced: readonly HazardCode[]) => Particulars,
  context: Context,
): Promise<ExitCode> {
  const options = await readChangeOptions(given.options, context);
  const request = readChangeRequest(given);
  await warnOfInterrupted(context);
  const planning = await requestedPlan(request, particularsOf(options.forced), options, context);
  return carryOut(planning, options, context);
}

/** Reads the names, and the options that choose. @throws a usage error, also if they contradict each other */
export function readChangeRequest(given: Given<typeof portChangeOptions>): ChangeRequest {
  const { options } = given;
  const [places, names, tags] = [placesOf(options), namesOf(given), tagsOf(options)];
  const [maxChanges, region] = [maxChangesOf(options), regionOf(options)];
  if (names.length > 0 && tags.length > 0)
    throw usageError('load balancers are named, and --tag is given as well', 'give names or --tag');
  return { names, tags, places, maxChanges, region, verifyBackends: verifyFromOf(options) };
}

/** The plan of an `enable` or `disable`; on a terminal it asks for missing input. */
export async function requestedPlan(
  request: ChangeRequest,
  particulars: Particulars,
  { dryRun, yes }: Pick<ChangeOptions, 'dryRun' | 'yes'>,
  context: Context,
): Promise<Planning> {
  const { names: named, tags, maxChanges } = request;
  const anyNamed = named.length > 0 || tags.length > 0;
  const prompter = !anyNamed || request.places === undefined ? await context.prompter() : undefined;
  if (!anyNamed && prompter === undefined)
    throw usageError(
      'no load balancer is named',
      `usage: elb-proxy ${particulars.action} <name...> --port N, or --target-group GROUP for a Network Load Balancer`,
    );
  if (request.places === undefined && prompter === undefined)
    throw usageError(
      'no instance port or target group is given',
      'give --port N or --all-ports for a Classic load balancer, or --target-group GROUP, --listener N or --all-target-groups for a Network Load Balancer',
    );

  const { kind, names } = await meant(request, prompter, context);
  const made =
    kind === 'classic'
      ? await classicPlanning({ ...request, names }, particulars, prompter, context)
      : await (await import('./network-request.js')).networkPlanning(
          { ...request, names },
          particulars,
          prompter,
          context,
        );
  const make = async (): Promise<Plan> => {
    const plan = await made.makePlan();
    if (dryRun === undefined) refuseTooMany(plan, maxChanges);
    return plan;
  };
  // With --yes the plan is made while holding the locks; a refused plan must not take hundreds of them first.
  if (yes && dryRun === undefined && names.length > maxChanges) await make();
  return { targets: made.targets, makePlan: make };
}

/** The load balancers that are meant, by their names; asks of which kind where that is open. */
async function meant(
  { names, tags, places, region }: ChangeRequest,
  prompter: Prompter | undefined,
  context: Context,
): Promise<OfKind> {
  if (prompter !== undefined && tags.length === 0)
    return (await import('./choose-kind.js')).chooseKind(names, places?.kind, prompter, region, context);
  const kind =
    places?.kind ??
    (prompter === undefined
      ? 'classic'
      : await (await import('./choose-kind.js')).chooseTaggedKind(tags, prompter, region, context));
  return { kind, names: tags.length === 0 ? names : await tagged(kind, tags, region, context) };
}

async function classicPlanning(
  { names, places, region, verifyBackends }: ChangeRequest,
  particulars: Particulars,
  prompter: Prompter | undefined,
  context: Context,
): Promise<Planning> {
  const api = await context.api(region);
  const given = places?.kind === 'classic' ? places.ports : undefined;
  const ports =
    given ??
    (prompter === undefined ? [] : await choosePortsOf(api, names, particulars.action, prompter, context));
  const probeInstances =
    verifyBackends === undefined ? undefined : await instanceProbe(context, verifyBackends);
  const makeIt = async (): Promise<Plan> => {
    try {
      return await makePlan(
        { ...particulars, names, ports, tool: context.tool },
        { api, clock: context.clock, emit: context.emit, probeInstances, caller: context.caller(region) },
      );
    } catch (error) {
      throw await (await import('./other-kind.js')).asNetworkLoadBalancer(error, names, api.region, context);
    }
  };
  return { targets: names.map((name) => ({ name, region: api.region })), makePlan: makeIt };
}

async function tagged(
  kind: Places['kind'],
  tags: readonly Tag[],
  given: string | undefined,
  context: Context,
): Promise<readonly string[]> {
  const api = kind === 'classic' ? await context.api(given) : await context.networkApi(given);
  const reading =
    'describeListeners' in api
      ? (await import('../../app/inspect-network.js')).networkNamesWithTags(api, tags)
      : namesWithTags(api, tags);
  const names = await whileWaiting('reading tags', reading, context);
  if (names.length > 0) return names;
  throw new ElbProxyError(`no load balancer in ${api.region} has ${tagWords(tags)}`, {
    code: 'nothing-tagged',
    fault: 'user',
    hint: `list what is there with: ${nextCommand('status', [], { region: api.region })}`,
  });
}

/** A filter that matches more than was meant must not change a fleet. */
function refuseTooMany({ action, changes }: Plan, most: number): void {
  const { loadBalancers: count } = planFacts({ changes });
  if (count <= most) return;
  throw new ElbProxyError(
    `this ${action} would change ${count} load balancers, and --max-changes allows ${most}: nothing was changed`,
    {
      code: 'too-many-changes',
      fault: 'world',
      hint: `check them with --dry-run; if all of them are meant, add --max-changes ${count}`,
    },
  );
}
