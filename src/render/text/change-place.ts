import { loadBalancerCount, writtenPorts } from '../../core/change-facts.js';
import type { Action, PlanChange } from '../../core/plan.js';
import type { ReportedChange } from '../../core/report.js';
import { instancePortWords } from './counted.js';

/** The part of its load balancer that a change is about: `instance ports 8080, 8443`, `target group web`. */
export function changePlace(change: PlanChange | ReportedChange): string {
  return change.targetGroup === undefined
    ? instancePortWords(change.affects.instancePorts)
    : `target group ${change.targetGroup.name}`;
}

/** The part of it that a change writes; empty if it writes no port. */
export function writtenPlace(change: PlanChange | ReportedChange): string {
  if (change.targetGroup !== undefined) return `target group ${change.targetGroup.name}`;
  const ports = writtenPorts(change.steps);
  return ports.length === 0 ? '' : instancePortWords(ports);
}

/** The same behind a colon: `8080,8443`, `web`. */
export function shortPlace(change: PlanChange): string {
  return change.targetGroup === undefined ? change.affects.instancePorts.join(',') : change.targetGroup.name;
}

/** The places that several changes of one load balancer write: `edge, target groups blue, green`. */
export function writtenOfOne(changes: readonly ReportedChange[]): string | undefined {
  const [first] = changes;
  if (first === undefined || loadBalancerCount(changes) > 1) return undefined;
  const groups = changes.flatMap(({ targetGroup }) => targetGroup?.name ?? []);
  const place = groups.length > 1 ? `target groups ${groups.join(', ')}` : writtenPlace(first);
  return [first.loadBalancer.name, place].filter((part) => part !== '').join(', ');
}

/** The reason why a change of a plan needs no call. */
export function alreadySo(change: PlanChange | ReportedChange, action: Action): string {
  const place = changePlace(change);
  switch (action) {
    case 'enable':
      return `the PROXY protocol is already on for ${place}`;
    case 'disable':
      return `the PROXY protocol is already off for ${place}`;
    case 'undo':
      return 'it is already as it was before that change';
  }
}
