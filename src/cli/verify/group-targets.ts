import { nameSome } from '../../core/name-some.js';
import type { TargetGroup } from '../../core/network-load-balancer.js';
import { statusCommand } from '../../core/next-command.js';
import { type Target, targetName } from '../../core/verify-result.js';
import { usageError } from '../../errors.js';
import type { Context } from '../context.js';
import { instanceTargets, type Registered } from './instance-targets.js';

/** A target group of a load balancer, with its registered targets: at least one. */
export interface RegisteredGroup {
  readonly region: string;
  readonly group: TargetGroup;
  readonly registered: readonly Registered[];
}

/** Finds a load balancer's target group by name or ARN, with its targets. @throws a usage error */
export async function registeredGroup(
  name: string,
  word: string,
  region: string | undefined,
  context: Context,
): Promise<RegisteredGroup> {
  const api = await context.networkApi(region);
  const { allOf } = await import('../../app/pages.js');
  const [loadBalancer] = await allOf(api.describeLoadBalancers([name])).catch(async (error: unknown) => {
    const { asClassicLoadBalancer } = await import('../change/other-kind.js');
    throw await asClassicLoadBalancer(error, [name], api.region, context);
  });
  const groups =
    loadBalancer === undefined
      ? []
      : await allOf(api.describeTargetGroups({ loadBalancerArn: loadBalancer.arn }));
  const group = groups.find((one) => one.name === word || one.arn === word);
  if (group === undefined)
    throw usageError(
      `${name} (${api.region}) has no target group ${word}`,
      groups.length === 0
        ? `see what it has with: ${statusCommand({ name, region: api.region })}`
        : `it has ${nameSome(groups.map((one) => one.name))}`,
    );
  if (!/TCP|TLS/.test(group.protocol ?? 'TCP'))
    throw usageError(
      `${group.name} takes ${group.protocol}, which carries no TCP connection: verify backend connects by TCP`,
      'choose a TCP or TLS group with --target-group',
    );
  if (group.targetType !== 'instance' && group.targetType !== 'ip')
    throw usageError(
      `the targets of ${group.name} are of type ${group.targetType ?? 'unknown'}, which have no address to probe`,
      'give the backends as HOST:PORT',
    );
  const registered = (await api.describeTargetHealth(group.arn)).flatMap(({ id, port = group.port }) =>
    port === undefined ? [] : [{ id, port }],
  );
  if (registered.length === 0)
    throw usageError(`${group.name} has no registered target`, 'give the backends as HOST:PORT');
  return { region: api.region, group, registered };
}

/** The addresses of a group's registered targets, each once: instances by their private addresses from EC2. */
export async function addressesOf(
  { region, group: { targetType }, registered }: RegisteredGroup,
  context: Context,
): Promise<readonly Target[]> {
  const targets: readonly Target[] =
    targetType === 'ip'
      ? registered.map(({ id, port }) => ({ host: id, port }))
      : await instanceTargets(registered, region, context);
  return [
    ...new Map(targets.map((target) => [`${target.instanceId} ${targetName(target)}`, target])).values(),
  ];
}
