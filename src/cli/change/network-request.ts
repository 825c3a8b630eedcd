import { makeNetworkPlan } from '../../app/network/make-network-plan.js';
import { usageError } from '../../errors.js';
import type { Context } from '../context.js';
import type { Prompter } from '../prompts/prompter.js';
import type { Planning } from './carry-out.js';
import { chooseGroupsOf } from './choose-groups-of.js';
import type { ChangeRequest, Particulars } from './requested.js';

/** The plan of an `enable` or `disable` of target groups. */
export async function networkPlanning(
  { names, places, region, verifyBackends }: ChangeRequest,
  particulars: Particulars,
  prompter: Prompter | undefined,
  context: Context,
): Promise<Planning> {
  const { action, forced } = particulars;
  for (const [option, given] of [
    ['--policy-name', 'policyName' in particulars && particulars.policyName !== undefined],
    ['--delete-policy', 'deletePolicy' in particulars && particulars.deletePolicy === true],
  ] as const) {
    if (given)
      throw usageError(
        `${option} only works with Classic load balancers: a Network Load Balancer has no policies`,
        'leave it out',
      );
  }
  const probeTargets =
    verifyBackends === undefined
      ? undefined
      : await (await import('./target-probe.js')).targetProbe(context, verifyBackends);
  const api = await context.networkApi(region);
  const groups =
    (places?.kind === 'network' ? places.groups : undefined) ??
    (prompter === undefined ? 'all' : await chooseGroupsOf(api, names, action, prompter, context));
  const { clock, emit, tool } = context;
  return {
    targets: names.map((name) => ({ name, region: api.region, kind: 'network' as const })),
    makePlan: async () => {
      try {
        return await makeNetworkPlan(
          { action, names, groups, tool, forced },
          { api, clock, emit, probeTargets, caller: context.caller(region) },
        );
      } catch (error) {
        const { asClassicLoadBalancer } = await import('./other-kind.js');
        throw await asClassicLoadBalancer(error, names, api.region, context);
      }
    },
  };
}
