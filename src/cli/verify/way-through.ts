import type { LoadBalancer } from '../../core/model.js';
import { nameSome } from '../../core/name-some.js';
import type { NetworkLoadBalancer } from '../../core/network-load-balancer.js';
import { isForwarding, isSecure } from '../../core/status.js';
import { usageError } from '../../errors.js';
import type { Context } from '../context.js';
import { networkNamesakes } from '../network-namesake.js';
import { regionOf } from '../options.js';
import { hostAndPort } from '../quantities.js';
import { listenAgain } from './listen-next.js';
import type { VerifyValues } from './verify-options.js';
import { anyLoadBalancer, checkInstancePort } from './verify-targets.js';
import { noDnsName, type Way } from './way.js';

/** `--through`, or the load balancer's own name and the listener that leads to this port; undefined if neither is given. */
export async function wayThrough(
  options: VerifyValues,
  port: number,
  context: Context,
): Promise<Way | undefined> {
  const { through, 'load-balancer': name, 'target-group': group, count } = options;
  if (through !== undefined && name !== undefined)
    throw usageError('--through and --load-balancer are both given', 'give one of them');
  if (group !== undefined && name === undefined)
    throw usageError('--target-group only works with --load-balancer', 'name its load balancer, too');
  if ((through ?? name) !== undefined && count !== undefined)
    throw usageError('--count does not work with --through', 'it stops once its own connection has arrived');
  if (through !== undefined) return hostAndPort('--through', through);
  if (name === undefined) return undefined;
  const region = regionOf(options);
  // The option says which of two namesakes is meant: a target group is a Network Load Balancer's.
  if (group !== undefined) {
    const { groupsNamed, wayToTargets } = await import('./way-to-targets.js');
    return wayToTargets(await groupsNamed(name, region, context), { port, group }, context);
  }
  const found = await anyLoadBalancer(name, region, context);
  if ('arn' in found) {
    const { wayToTargets } = await import('./way-to-targets.js');
    return wayToTargets(found, { port }, context);
  }
  const [namesake] = await networkNamesakes([found.name], region, context);
  const listener = listenerTo(found, port);
  if (namesake !== undefined) {
    const { groupsAt, wayToTargets } = await import('./way-to-targets.js');
    const groups = await groupsAt(namesake, port, context);
    // The port is that of this machine: it shows which one is meant if only one has it.
    if (groups.length > 0 && listener === undefined) return wayToTargets(namesake, { port }, context);
    if (groups.length > 0 && listener !== undefined)
      throw behindBoth(found, listener.loadBalancerPort, groups, { options, port });
  }
  checkInstancePort(found, port);
  if (listener === undefined || found.dnsName === undefined) throw noDnsName(name);
  return {
    host: found.dnsName,
    port: listener.loadBalancerPort,
    tls: isSecure(listener.protocol),
    loadBalancer: found,
    sendsTo: found.instanceIds,
  };
}

/** A Classic load balancer's listener that leads to an instance port, one that carries the line before others. */
function listenerTo(
  { listeners }: LoadBalancer,
  port: number,
): LoadBalancer['listeners'][number] | undefined {
  const leading = listeners.filter(({ instancePort }) => instancePort === port);
  return leading.find(isForwarding) ?? leading[0];
}

/** Two namesakes have the port: a connection through the wrong one would prove something else. */
function behindBoth(
  { name, region, dnsName }: LoadBalancer,
  listenerPort: number,
  groups: NonNullable<NetworkLoadBalancer['targetGroups']>,
  listening: Parameters<typeof listenAgain>[0],
): Error {
  const [group] = groups.map((one) => one.name);
  const others = groups.length > 1 ? `, which has ${nameSome(groups.map((one) => one.name))} there` : '';
  const through = listenAgain(listening, {
    'load-balancer': undefined,
    through: `${dnsName ?? 'DNS-NAME'}:${listenerPort}`,
  });
  return usageError(
    `${name} (${region}) is the name of a Classic and of a Network Load Balancer, and port ${listening.port} is behind both`,
    `for the Network one${others}: ${listenAgain(listening, { 'target-group': group })}\nfor the Classic one: ${through}`,
  );
}
