import { inspectNetwork } from '../../app/inspect-network.js';
import type { ElasticLoadBalancingV2 } from '../../app/ports.js';
import { networkHazards } from '../../core/hazards/network/network-hazards.js';
import type { GroupChoice } from '../../core/network/choose-groups.js';
import { type GroupProxyState, groupProxyState } from '../../core/network/group-status.js';
import type { NetworkLoadBalancer, TargetGroup } from '../../core/network-load-balancer.js';
import { usageError } from '../../errors.js';
import { type GroupFacts, groupChoices } from '../../render/text/group-choice.js';
import type { Context } from '../context.js';
import type { Prompter } from '../prompts/prompter.js';
import { whileWaiting } from '../while-waiting.js';
import { choiceStyle, tickPlaces } from './tick-places.js';

/** Asks which target groups; if the goal already holds for all of them, takes all, so that the plan says so. */
export async function chooseGroupsOf(
  api: ElasticLoadBalancingV2,
  names: readonly string[],
  action: 'enable' | 'disable',
  prompter: Prompter,
  context: Context,
): Promise<GroupChoice> {
  const { emit } = context;
  const found = await whileWaiting(
    'reading target groups',
    inspectNetwork(api, { names, detail: 'groups', emit }),
    context,
  );
  const groups = found.flatMap((loadBalancer) =>
    (loadBalancer.targetGroups ?? []).map((group) => ({ loadBalancer, group })),
  );
  if (groups.length === 0)
    throw usageError(
      `load balancer ${names.join(', ')} has no target group`,
      'use --target-group to name a group without a load balancer',
    );
  const goal = action === 'enable' ? 'enabled' : 'disabled';
  const open = groups.filter(({ group }) => groupProxyState(group) !== goal);
  if (open.length === 0) return chosen(groups);
  const closed = groups.filter((one) => !open.includes(one));
  const listed = [...open, ...closed];
  const facts = listed.map((one, index) => factsOf(one, index + 1, action, goal));
  const choices = groupChoices(facts, choiceStyle(prompter)).map((choice, index) => ({
    ...choice,
    value: index + 1,
  }));
  const asked = { choices, open: open.length };
  const ticked = await tickPlaces(action, 'for which target groups', names, asked, prompter);
  return chosen(listed.filter((_, index) => ticked.includes(index + 1)));
}

function chosen(groups: readonly { readonly group: TargetGroup }[]): GroupChoice {
  return { targetGroups: groups.map(({ group: { arn } }) => arn) };
}

function factsOf(
  { loadBalancer, group }: { readonly loadBalancer: NetworkLoadBalancer; readonly group: TargetGroup },
  number: number,
  action: 'enable' | 'disable',
  goal: GroupProxyState,
): GroupFacts {
  const { arn, name, protocol, port } = group;
  const state = groupProxyState(group);
  const listeners = (loadBalancer.listeners ?? []).filter(({ targetGroups }) =>
    targetGroups.some((one) => one.arn === arn),
  );
  const question = {
    purpose: action === 'enable' ? ('on' as const) : ('off' as const),
    targetGroups: [arn],
    asked: false,
  };
  return {
    number,
    name,
    speaks: port === undefined ? protocol : `${protocol} ${port}`,
    listeners: listeners.map((listener) => `${listener.protocol} ${listener.port}`),
    state,
    hazards:
      state === goal
        ? []
        : networkHazards(loadBalancer, question).filter(
            ({ targetGroup, level }) => targetGroup === name && level !== 'note',
          ),
    ...(state === goal ? { remark: `${action === 'enable' ? 'on' : 'off'} already` } : {}),
  };
}
