import { nameSome } from '../../name-some.js';
import { type GroupProxyState, groupProxyState, listenersOfGroup } from '../../network/group-status.js';
import type {
  NetworkLoadBalancer,
  Target,
  TargetElsewhere,
  TargetGroup,
} from '../../network-load-balancer.js';
import { type HazardLevel, hazardsWith, type NetworkHazardQuestion, readAgain } from '../hazard.js';
import { instanceLevels } from '../instances.js';

/** Hazards of a group's targets, besides those that Classic instances have as well. */
export const groupTargetLevels = {
  'target-elsewhere': 'warning',
  'unknown-elsewhere': 'note',
} as const satisfies Record<string, HazardLevel>;

const hazard = hazardsWith({ ...groupTargetLevels, ...instanceLevels });

type GroupTargetHazard = ReturnType<typeof hazard>;

/** Whether any target serves traffic now, and whether others send to the same ones with another setting. */
export function groupTargetHazards(
  loadBalancer: NetworkLoadBalancer,
  group: TargetGroup,
  question: NetworkHazardQuestion,
): readonly GroupTargetHazard[] {
  return [...health(group, question), ...elsewhere(loadBalancer, group, question)];
}

function health(
  { name, targets, notRead }: TargetGroup,
  { asked }: NetworkHazardQuestion,
): readonly GroupTargetHazard[] {
  if (targets === undefined) {
    if (!asked) return [];
    return [
      hazard(
        'unknown-instance-health',
        name,
        `the health of the targets of ${name} could not be read, so it is not known whether any serves traffic`,
        readAgain('DescribeTargetHealth', notRead?.targets),
      ),
    ];
  }
  if (targets.some(({ state }) => state === 'healthy')) return [];
  const what =
    targets.length === 0
      ? `no target is registered in ${name}`
      : targets.length === 1
        ? `the one target of ${name} is not healthy (${stateOf(targets[0])})`
        : `none of the ${targets.length} targets of ${name} is healthy`;
  return [
    hazard(
      'no-healthy-instance',
      name,
      `${what}: nothing can be verified through the load balancer`,
      'bring a target into service first, or check it directly',
    ),
  ];
}

function stateOf(target: Target | undefined): string {
  return [target?.state ?? 'not known', target?.reason].filter((word) => word !== undefined).join(', ');
}

/** A target that requires the header for one group breaks behind another group that does not send it. */
function elsewhere(
  loadBalancer: NetworkLoadBalancer,
  group: TargetGroup,
  { purpose, targetGroups: changed, asked }: NetworkHazardQuestion,
): readonly GroupTargetHazard[] {
  const goal: GroupProxyState | undefined =
    purpose === 'status' ? groupProxyState(group) : purpose === 'on' ? 'enabled' : 'disabled';
  const same = (found: Pick<TargetElsewhere, 'id' | 'port'>): boolean =>
    (group.targets ?? []).some(({ id, port }) => id === found.id && (port ?? group.port) === found.port);
  const beside = (loadBalancer.targetGroups ?? [])
    .filter(({ arn }) => arn !== group.arn && !(purpose !== 'status' && changed.includes(arn)))
    // A group without a listener sends nothing.
    .filter(({ arn }) => listenersOfGroup(loadBalancer, arn)?.length !== 0)
    .flatMap((other) =>
      (other.targets ?? []).map(
        ({ id, port }): TargetElsewhere => ({
          id,
          port: port ?? other.port,
          targetGroup: other.name,
          proxyProtocol: groupProxyState(other),
        }),
      ),
    );
  const found = [...beside, ...(group.elsewhere?.targets ?? [])].filter(
    (one) => one.proxyProtocol !== undefined && one.proxyProtocol !== goal && same(one),
  );
  const unread = group.elsewhere?.notRead;
  const [first] = found;
  return [
    ...(first === undefined || goal === undefined
      ? []
      : [
          hazard(
            'target-elsewhere',
            group.name,
            `target group ${group.name} shares targets with others (${nameSome([...new Set(found.map(whereWords))])}), where the header is ${first.proxyProtocol === 'enabled' ? 'on' : 'off'}: a target that ${goal === 'enabled' ? 'requires the header' : 'does not accept the header'} fails there`,
            'change both groups together, or give each its own port on the target',
          ),
        ]),
    ...(unread === undefined || !asked
      ? []
      : [
          hazard(
            'unknown-elsewhere',
            group.name,
            `it is not known whether the targets of ${group.name} are in other groups, too: ${unread}`,
            'check which groups a target is in before the change',
          ),
        ]),
  ];
}

function whereWords({ id, port, targetGroup }: TargetElsewhere): string {
  return `${id}${port === undefined ? '' : `:${port}`} in ${targetGroup}`;
}
