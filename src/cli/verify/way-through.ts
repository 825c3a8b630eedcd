import { isForwarding, isSecure } from '../../core/status.js';
import { usageError } from '../../errors.js';
import type { Context } from '../context.js';
import { regionOf } from '../options.js';
import type { VerifyValues } from './verify-options.js';
import { anyLoadBalancer, checkInstancePort } from './verify-targets.js';
import { noDnsName, type Way } from './way.js';

/** `--through`, or the load balancer's own name and the listener that leads to this port; undefined if neither is given. */
export async function wayThrough(
  options: VerifyValues & Parameters<typeof regionOf>[0],
  port: number,
  context: Context,
): Promise<Way | undefined> {
  const { through, 'load-balancer': name, 'target-group': group, count } = options;
  if (through !== undefined && name !== undefined)
    throw usageError('--through and --load-balancer are both given', 'give one of them');
  if (group !== undefined && name === undefined)
    throw usageError('--target-group goes with --load-balancer', 'name its load balancer, too');
  if ((through ?? name) !== undefined && count !== undefined)
    throw usageError('--count does not go with --through', 'it ends once its own connection has arrived');
  if (through !== undefined) {
    const { parseTarget, targetForm } = await import('../../probe/target.js');
    const target = parseTarget(through);
    if (target === undefined) throw usageError(`--through ${through}: give it as HOST:PORT`, targetForm);
    return target;
  }
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
  checkInstancePort(found, port);
  const listeners = found.listeners.filter(({ instancePort }) => instancePort === port);
  const listener = listeners.find(isForwarding) ?? listeners[0];
  if (listener === undefined || found.dnsName === undefined) throw noDnsName(name);
  return { host: found.dnsName, port: listener.loadBalancerPort, tls: isSecure(listener.protocol) };
}
