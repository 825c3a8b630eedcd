import type { CallerAnswer } from '../../core/caller.js';
import type { HazardCode } from '../../core/hazards.js';
import { chooseGroups, type GroupChoice, withoutHeaderInWords } from '../../core/network/choose-groups.js';
import { loadBalancersOf } from '../../core/network/group-state.js';
import { groupSteps } from '../../core/network/group-steps.js';
import { type NetworkChange, networkChange } from '../../core/network/network-change.js';
import type { NetworkLoadBalancer, TargetGroup } from '../../core/network-load-balancer.js';
import { type Plan, plan } from '../../core/plan.js';
import type { BackendResult } from '../../core/verify-result.js';
import { ElbProxyError, usageError } from '../../errors.js';
import type { Emit } from '../events.js';
import { inspectNetwork } from '../inspect-network.js';
import { readTargetGroup } from '../inspect-target-group.js';
import { optionalRead } from '../optional-read.js';
import { findIn, unlessGone } from '../pages.js';
import type { Clock, ElasticLoadBalancingV2 } from '../ports.js';
import { groupPlanHazards } from './group-hazards.js';
import { requireWholeGroup, stateOf } from './read-group.js';
import { noSuchGroup, notABoolean, onAnother, onTwo, wrongChoice } from './wrong-group.js';

/** The requested change to Network Load Balancers, before anything is read. */
export interface NetworkPlanRequest {
  readonly action: 'enable' | 'disable';
  readonly names: readonly string[];
  readonly groups: GroupChoice;
  readonly tool: string;
  /** Blockers to overrule; recorded in the plan. */
  readonly forced?: readonly HazardCode[] | undefined;
}

/** Probes how the registered targets of a group handle a version 2 header. */
export type ProbeTargets = (
  loadBalancer: NetworkLoadBalancer,
  group: TargetGroup,
) => Promise<readonly BackendResult[]>;

interface NetworkPlanning {
  readonly api: ElasticLoadBalancingV2;
  readonly clock: Clock;
  readonly emit: Emit;
  /** Absent: the targets are not probed. */
  readonly probeTargets?: ProbeTargets | undefined;
  /** The caller, determined in parallel with the reads; never rejects. */
  readonly caller?: Promise<CallerAnswer> | undefined;
}

/**
 * Reads the current state and makes the plan, with a change for each target group; writes nothing.
 * @throws ElbProxyError for an unknown load balancer or group, one of another type, and for fields left out
 */
export async function makeNetworkPlan(request: NetworkPlanRequest, planning: NetworkPlanning): Promise<Plan> {
  const { api, clock, emit, caller } = planning;
  const [found, who] = await Promise.all([
    inspectNetwork(api, { names: request.names, detail: 'all', emit }),
    caller,
  ]);
  const chosen = await chosenGroups(found, request, planning);
  const changes: NetworkChange[] = [];
  for (const [loadBalancer, groups] of chosen)
    changes.push(...(await changesFor(loadBalancer, groups, request, planning)));
  return plan(request.action, changes, {
    tool: request.tool,
    createdAt: clock.now(),
    endpoint: api.endpoint,
    caller: who?.caller,
  });
}

type Chosen = ReadonlyMap<NetworkLoadBalancer, readonly TargetGroup[]>;

async function chosenGroups(
  found: readonly NetworkLoadBalancer[],
  { action, groups: choice }: NetworkPlanRequest,
  planning: NetworkPlanning,
): Promise<Chosen> {
  const chosen = new Map<NetworkLoadBalancer, readonly TargetGroup[]>();
  const others: (readonly string[])[] = [];
  for (const loadBalancer of found) {
    const groups = chooseGroups(loadBalancer, choice);
    if ('wrong' in groups) throw wrongChoice(loadBalancer, groups.wrong);
    requireListeners(loadBalancer);
    const { left = [] } = groups;
    // All of them is not what it seems: who asked for it takes these for changed.
    if (left.length > 0)
      planning.emit({
        code: 'warning',
        message: `${loadBalancer.name} (${loadBalancer.region}): left out, because they can't send the PROXY protocol: target ${left.length === 1 ? 'group' : 'groups'} ${withoutHeaderInWords(left)}`,
      });
    chosen.set(loadBalancer, groups.groups);
    others.push(groups.others);
  }
  const [first, ...more] = found;
  if (first === undefined) return chosen;
  // With several load balancers, a named group may be on any of them.
  const elsewhere = (others[0] ?? []).filter((word) => others.every((words) => words.includes(word)));
  for (const word of elsewhere) {
    const group = await unattached(first, word, action, planning);
    if (more.length > 0)
      throw usageError(
        `target group ${group.name} is on no load balancer, and ${found.length} are named: it is not clear which of them is meant`,
        'name one load balancer',
      );
    chosen.set(first, [...(chosen.get(first) ?? []), group]);
  }
  for (const [{ name, region }, groups] of chosen) {
    if (groups.length === 0)
      throw usageError(
        `none of the named target groups is on load balancer ${name} (${region})`,
        'leave out that load balancer, or name one of its groups',
      );
  }
  return chosen;
}

/** A group, by its name or ARN, that is on none of the named load balancers. */
async function unattached(
  loadBalancer: NetworkLoadBalancer,
  word: string,
  action: NetworkPlanRequest['action'],
  { api, emit }: NetworkPlanning,
): Promise<TargetGroup> {
  const byArn = word.startsWith('arn:');
  if (byArn && !/^arn:[^:]*:elasticloadbalancing:[^:]*:[^:]*:targetgroup\/[^/]+\/[^/]+$/.test(word))
    throw usageError(
      `--target-group ${word}: it is not the ARN of a target group`,
      "give a target group's name or ARN",
    );
  const pages = api.describeTargetGroups(byArn ? { arns: [word] } : { names: [word] });
  const named = findIn(pages, ({ arn, name }) => arn === word || name === word);
  const group = await unlessGone(named, 'TargetGroupNotFound');
  if (group === undefined) throw noSuchGroup(loadBalancer, word);
  requireWholeGroup(loadBalancer, { ...group, attributes: {} });
  const isOn = loadBalancersOf(group);
  if (isOn.length > 1) throw onTwo(loadBalancer, group);
  if (isOn.length === 1) throw onAnother(loadBalancer, group, action);
  const whole = await readTargetGroup(api, group, {
    detail: 'all',
    emit,
    tags: optionalRead(api.describeTags([group.arn]), emit),
    inTurn: (work) => work(),
  });
  if (whole === undefined) throw noSuchGroup(loadBalancer, word);
  return whole;
}

/** Without the listeners, it is not known whom a change affects. */
function requireListeners({ name, region, listeners }: NetworkLoadBalancer): void {
  if (listeners !== undefined) return;
  throw new ElbProxyError(
    `the service's answer about the listeners of load balancer ${name} (${region}) is incomplete: it is not known what a change would affect, so nothing is written`,
    { code: 'incomplete-answer', fault: 'service' },
  );
}

async function changesFor(
  loadBalancer: NetworkLoadBalancer,
  groups: readonly TargetGroup[],
  { action, forced }: NetworkPlanRequest,
  { probeTargets }: NetworkPlanning,
): Promise<readonly NetworkChange[]> {
  const steps = groups.map((group) => {
    requireWholeGroup(loadBalancer, group);
    if (loadBalancersOf(group).length > 1) throw onTwo(loadBalancer, group);
    const own = groupSteps(group, action);
    if (own === undefined) throw notABoolean(loadBalancer, group);
    return own;
  });
  const purpose = action === 'enable' ? ('on' as const) : ('off' as const);
  const found = new Map<TargetGroup, readonly BackendResult[]>();
  // Only groups that change: the others stay as they are.
  for (const [index, group] of groups.entries()) {
    if (probeTargets !== undefined && (steps[index]?.length ?? 0) > 0)
      found.set(group, await probeTargets(loadBalancer, group));
  }
  const hazards = groupPlanHazards(loadBalancer, groups, purpose, found);
  return groups.map((group, index) =>
    networkChange(
      loadBalancer,
      stateOf(loadBalancer, group, loadBalancer.listeners ?? []),
      steps[index] ?? [],
      hazards(group),
      forced,
    ),
  );
}
