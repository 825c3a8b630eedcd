import type { Moved } from '../drift.js';
import type { Sight } from '../sight.js';
import { type GroupState, loadBalancersOf, rawValue, valueOf } from './group-state.js';
import { type ModifyAttributeStep, sameValue, showValue } from './modify-step.js';
import { forwardingListeners, type NetworkChange } from './network-change.js';

/** Changes to a pinned target group. */
export function movedGroup(
  { targetGroup: pinned }: Pick<NetworkChange, 'targetGroup'>,
  { group }: GroupState,
): readonly Moved[] {
  const fields = [
    ['ARN', pinned.arn, group.arn],
    ['protocol', pinned.protocol, group.protocol],
    ['port', pinned.port, group.port],
    ['target type', pinned.targetType, group.targetType],
    ['load balancer', showArns(pinned.loadBalancerArns), showArns(loadBalancersOf(group))],
  ] as const;
  return fields.flatMap(([what, expected, found]) =>
    expected === undefined || expected === found
      ? []
      : [
          {
            what: `${what} of target group ${pinned.name}`,
            expected: String(expected),
            found: String(found ?? 'not given'),
          },
        ],
  );
}

/** The differences from the plan that matter to the remaining steps; empty if the run may go on. */
export function groupDrift(
  change: NetworkChange,
  remaining: readonly ModifyAttributeStep[],
  fresh: GroupState | undefined,
): readonly Moved[] {
  const { name } = change.targetGroup;
  if (fresh === undefined)
    return [{ what: `target group ${name}`, expected: change.targetGroup.arn, found: 'none of that ARN' }];
  const moved = movedGroup(change, fresh);
  if (moved.length > 0) return moved;
  return remaining.flatMap((step) => {
    const found = valueOf(fresh.group);
    if (found !== undefined && sameValue(found, step.before)) return [];
    return [
      {
        what: `${step.key} of target group ${name}`,
        expected: showValue(step.before),
        found: rawValue(fresh.group),
      },
    ];
  });
}

/** This run's own writes that read back differently. */
export function movedValue(
  { targetGroup: { name } }: NetworkChange,
  done: readonly ModifyAttributeStep[],
  { group }: GroupState,
): readonly Moved[] {
  return done.flatMap(({ key, before, after }) => {
    const found = valueOf(group);
    if (found !== undefined && sameValue(found, after)) return [];
    return [
      {
        what: `${key} of target group ${name}, which this run has written,`,
        expected: after,
        found: rawValue(group),
        own: found !== undefined && sameValue(found, before),
      },
    ];
  });
}

/** Changes to the listeners that forward to the group: they show who is affected. */
export function movedForwarding(
  { affects, targetGroup }: NetworkChange,
  fresh: GroupState,
): readonly Moved[] {
  const show = (listeners: typeof affects.listeners): string =>
    listeners.length === 0
      ? 'none'
      : listeners
          .map(({ protocol, port }) => `${protocol} ${port}`)
          .toSorted()
          .join(', ');
  const [expected, found] = [show(affects.listeners), show(forwardingListeners(fresh))];
  const what = `the listeners that forward to target group ${targetGroup.name}`;
  return expected === found ? [] : [{ what, expected, found }];
}

/** Judges one reading of a target group against a step. The attribute has two values: nothing of a step is left in the other. */
export function groupSight({ key, before, after }: ModifyAttributeStep, { group }: GroupState): Sight {
  const found = valueOf(group);
  if (found !== undefined && sameValue(found, after)) return { kind: 'after' };
  if (found !== undefined && sameValue(found, before)) return { kind: 'before' };
  return { kind: 'other', why: `${key} is ${rawValue(group)}` };
}

function showArns(arns: readonly string[]): string {
  return arns.length === 0 ? 'none' : arns.toSorted().join(' and ');
}
