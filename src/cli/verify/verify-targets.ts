import { ofName } from '../../app/inspection.js';
import { noSuchLoadBalancer, notAnInstancePort } from '../../app/wrong-name.js';
import { choosePorts } from '../../core/choose-ports.js';
import type { LoadBalancer } from '../../core/model.js';
import { nameSome } from '../../core/name-some.js';
import type { NetworkLoadBalancer } from '../../core/network-load-balancer.js';
import { nextCommand } from '../../core/next-command.js';
import { type BackendResult, type Target, targetName } from '../../core/verify-result.js';
import { usageError } from '../../errors.js';
import type { Context } from '../context.js';
import { regionOf } from '../options.js';
import { portNumber } from '../quantities.js';
import type { RegisteredGroup } from './group-targets.js';
import { instanceTargets, withoutAddress } from './instance-targets.js';
import { portTextOf, type VerifyValues } from './verify-options.js';

/** The targets that are named, or those that are registered with the load balancer; each once. */
export async function targetsOf(
  named: readonly string[],
  options: VerifyValues,
  context: Context,
): Promise<readonly Target[]> {
  const { 'load-balancer': name } = options;
  const port = portTextOf(options);
  if (name === undefined) {
    if (options['target-group'] !== undefined)
      throw usageError('--target-group only works with --load-balancer', 'name its load balancer, too');
    if (port !== undefined)
      throw usageError('--port only works with --load-balancer', 'give a backend as HOST:PORT');
    if (named.length === 0)
      throw usageError(
        'no backend is named',
        'usage: elb-proxy verify backend <host:port...>, or --load-balancer NAME with --port N or --target-group GROUP',
      );
    return namedTargets(named);
  }
  if (options['target-group'] !== undefined) {
    const { addressesOf } = await import('./group-targets.js');
    return addressesOf(await groupOf(named, options, context), context);
  }
  const { loadBalancer, port: instancePort } = await loadBalancerOf(named, options, context);
  return registeredTargets(loadBalancer, instancePort, context);
}

/** The target group that `--load-balancer` and `--target-group` name. @throws a usage error */
export async function groupOf(
  named: readonly string[],
  options: VerifyValues,
  context: Context,
): Promise<RegisteredGroup> {
  const { 'load-balancer': name, 'target-group': group } = options;
  if (name === undefined || group === undefined)
    throw usageError('--target-group only works with --load-balancer', 'give a backend as HOST:PORT');
  if (named.length > 0)
    throw usageError(`${named[0]} and --load-balancer are both given`, 'give one of them');
  if (portTextOf(options) !== undefined)
    throw usageError(
      '--port and --target-group are both given',
      'targets have ports of their own: leave --port out for a Network Load Balancer',
    );
  const { registeredGroup } = await import('./group-targets.js');
  return registeredGroup(name, group, regionOf(options), context);
}

/** The load balancer that `--load-balancer` names, and the instance port. @throws a usage error */
export async function loadBalancerOf(
  named: readonly string[],
  options: VerifyValues,
  context: Context,
): Promise<{ readonly loadBalancer: LoadBalancer; readonly port: number }> {
  const { 'load-balancer': name } = options;
  const port = portTextOf(options);
  if (name === undefined)
    throw usageError('--from instances needs --load-balancer', 'its registered instances are asked');
  if (named.length > 0)
    throw usageError(`${named[0]} and --load-balancer are both given`, 'give one of them');
  if (port === undefined)
    throw usageError(
      '--load-balancer needs --port, the instance port (or --target-group, for a Network Load Balancer)',
      `${nextCommand('status')} shows the ports`,
    );
  const instancePort = portNumber('--port', port);
  const loadBalancer = await anyLoadBalancer(name, regionOf(options), context);
  if ('arn' in loadBalancer) {
    const { region, targetGroups = [] } = loadBalancer;
    throw usageError(
      `${name} (${region}) is a Network Load Balancer, which has target groups instead of instance ports`,
      targetGroups.length === 0
        ? 'give the backends as HOST:PORT'
        : `leave --port out and choose a target group with --target-group: it has ${nameSome(targetGroups.map((group) => group.name))}`,
    );
  }
  checkInstancePort(loadBalancer, instancePort);
  return { loadBalancer, port: instancePort };
}

async function namedTargets(named: readonly string[]): Promise<readonly Target[]> {
  const { parseTarget, targetForm } = await import('../../probe/target.js');
  const targets = named.map((text) => {
    const target = parseTarget(text);
    if (target !== undefined) return target;
    throw usageError(`${JSON.stringify(text)} is not a backend`, `give HOST:PORT, ${targetForm}`);
  });
  return [...new Map(targets.map((target) => [targetName(target), target])).values()];
}

/** The private addresses of a load balancer's registered instances, from EC2; at least one. */
export async function registeredTargets(
  { name, region, instanceIds: ids = [] }: LoadBalancer,
  port: number,
  context: Context,
): Promise<readonly Target[]> {
  if (ids.length === 0)
    throw usageError(`${name} has no registered instance`, 'give the backends as HOST:PORT');
  return instanceTargets(
    ids.map((id) => ({ id, port })),
    region,
    context,
  );
}

/** Instances without an address that is known count as well: no result may look as if all had been asked. */
export function unaddressed(
  { instanceIds = [] }: LoadBalancer,
  instancePort: number,
  targets: readonly Target[],
): readonly BackendResult[] {
  return instanceIds
    .filter((id) => !targets.some(({ instanceId }) => instanceId === id))
    .map((instanceId) =>
      withoutAddress({ target: `${instanceId}:${instancePort}`, instanceId, confidence: 'strong' }),
    );
}

/** The Classic load balancer of a name, else the Network one; rejects if there is neither. */
export async function anyLoadBalancer(
  name: string,
  region: string | undefined,
  context: Context,
): Promise<LoadBalancer | NetworkLoadBalancer> {
  const api = await context.api(region);
  try {
    for await (const page of api.describeLoadBalancers([name])) {
      const found = ofName(page, name);
      if (found !== undefined) return found;
    }
    throw noSuchLoadBalancer({ name, region: api.region });
  } catch (error) {
    const { networkNamesake } = await import('../network-namesake.js');
    return networkNamesake(error, name, 'groups', api.region, context);
  }
}

/** Complains about a port that no listener forwards to. */
export function checkInstancePort(loadBalancer: LoadBalancer, port: number): void {
  const chosen = choosePorts({ ...loadBalancer, backendServers: [] }, [port]);
  if (!('wrong' in chosen)) return;
  const { message, hint } = notAnInstancePort(loadBalancer, chosen.wrong);
  throw usageError(message, `${hint}; of a Network Load Balancer of that name, choose with --target-group`);
}
