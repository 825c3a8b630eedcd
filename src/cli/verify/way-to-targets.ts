import { inspectNetwork } from '../../app/inspect-network.js';
import { optionalRead } from '../../app/optional-read.js';
import type { ElasticLoadBalancingV2 } from '../../app/ports.js';
import { nameSome } from '../../core/name-some.js';
import { networkListenerName, targetPorts } from '../../core/network/group-status.js';
import type { NetworkListener, NetworkLoadBalancer, TargetGroup } from '../../core/network-load-balancer.js';
import { statusCommand } from '../../core/next-command.js';
import { ElbProxyError, usageError } from '../../errors.js';
import { asClassicLoadBalancer } from '../change/other-kind.js';
import type { Context } from '../context.js';
import { noDnsName, type Way } from './way.js';

/** A listener that takes TCP connections, and those of its groups that have targets at the port asked for. */
interface Leading {
  readonly listener: NetworkListener;
  readonly groups: readonly TargetGroup[];
}

/** The Network Load Balancer of a name. @throws if there is none, or a Classic one only */
export async function groupsNamed(
  name: string,
  region: string | undefined,
  context: Context,
): Promise<NetworkLoadBalancer> {
  const api = await context.networkApi(region);
  try {
    const [found] = await inspectNetwork(api, { names: [name], detail: 'groups', emit: context.emit });
    if (found !== undefined) return found;
  } catch (error) {
    throw await asClassicLoadBalancer(error, [name], api.region, context);
  }
  throw new ElbProxyError(`no Network Load Balancer named ${name} in ${api.region}`, {
    code: 'LoadBalancerNotFound',
    fault: 'user',
  });
}

/**
 * The way through a Network Load Balancer to a port that its targets have. Only one that is certain is taken: groups may
 * differ in what they send, so that a connection through another one would prove something else.
 *
 * @throws if no listener leads there by TCP, or several groups do
 */
export async function wayToTargets(
  loadBalancer: NetworkLoadBalancer,
  { port, group }: { readonly port: number; readonly group?: string | undefined },
  context: Context,
): Promise<Way> {
  const { name, region, dnsName, listeners } = loadBalancer;
  const where = `${name} (${region})`;
  const look = `see them with: ${statusCommand({ name, region })}`;
  if (dnsName === undefined) throw noDnsName(name);
  if (listeners === undefined)
    throw new ElbProxyError(
      `the listeners of ${where} could not be read (${loadBalancer.notRead?.listeners ?? 'not answered'})`,
      {
        code: loadBalancer.notRead?.listeners ?? 'incomplete-answer',
        fault: 'service',
        hint: `name the listener yourself: --through ${dnsName}:PORT`,
      },
    );
  const all = await withTargets(loadBalancer, await context.networkApi(region), context);
  const meant = group === undefined ? all : all.filter((one) => one.name === group || one.arn === group);
  if (meant.length === 0)
    throw usageError(
      group === undefined ? `${where} has no target group` : `${where} has no target group ${group}`,
      all.length === 0 ? look : `it has ${nameSome(all.map((one) => one.name))}`,
    );
  const there = all.filter((one) => targetPorts(one).includes(port));
  if (!there.some((one) => meant.includes(one)))
    throw usageError(
      `--port ${port}: no target of ${group ?? where} has that port; ${nameSome(meant.map(portsInWords))}`,
      listeners.some((one) => one.port === port)
        ? `${port} is a listener's port: give the port of the targets that it forwards to`
        : look,
    );
  const { ways, others } = leadingTo(listeners, there);
  const mine = ways.filter(({ groups }) => groups.some((one) => meant.includes(one)));
  const [way] = mine.filter(({ groups }) => groups.length === 1);
  if (way === undefined) throw noCertainWay({ where, port, dnsName }, { mine, others, meant });
  const [target] = way.groups;
  const rivals = mine.filter(({ groups }) => groups.some((one) => one !== target));
  if (rivals.length > 0 && group === undefined)
    throw usageError(
      `--port ${port}: several target groups of ${where} have targets at that port: ${nameSome(mine.map(leadingInWords))}`,
      `choose one with --target-group NAME, or a listener with --through ${dnsName}:PORT`,
    );
  return {
    host: dnsName,
    port: way.listener.port,
    tls: way.listener.protocol === 'TLS',
    loadBalancer: { name, region },
    sendsTo: [...new Set(way.groups.flatMap((one) => targetsAt(one, port)))],
  };
}

/** The groups of a Network Load Balancer that have targets at a port. */
export async function groupsAt(
  loadBalancer: NetworkLoadBalancer,
  port: number,
  context: Context,
): Promise<readonly TargetGroup[]> {
  const all = await withTargets(loadBalancer, await context.networkApi(loadBalancer.region), context);
  return all.filter((one) => targetPorts(one).includes(port));
}

/** The addresses or ids of a group's targets at a port; draining ones get no new connection. */
function targetsAt({ port: own, targets = [] }: TargetGroup, port: number): readonly string[] {
  return targets.filter((one) => (one.port ?? own) === port && one.state !== 'draining').map(({ id }) => id);
}

/** The groups with their targets; if those may not be read, a group counts with its own port. */
async function withTargets(
  { targetGroups = [] }: NetworkLoadBalancer,
  api: ElasticLoadBalancingV2,
  { emit }: Context,
): Promise<readonly TargetGroup[]> {
  return Promise.all(
    targetGroups.map(async (one) => ({
      ...one,
      targets: (await optionalRead(api.describeTargetHealth(one.arn), emit)).value,
    })),
  );
}

/** The listeners that lead to some groups now, and those that do not, or not by TCP. */
function leadingTo(listeners: readonly NetworkListener[], there: readonly TargetGroup[]) {
  const ways: Leading[] = [];
  const others: NetworkListener[] = [];
  for (const listener of listeners) {
    const to = (weighted: boolean): readonly TargetGroup[] =>
      there.filter(({ arn }) =>
        listener.targetGroups.some((one) => one.arn === arn && (!weighted || one.weight !== 0)),
      );
    if (to(true).length > 0 && carriesTcp(listener)) ways.push({ listener, groups: to(true) });
    else if (to(false).length > 0) others.push(listener);
  }
  return { ways, others };
}

const carriesTcp = ({ protocol }: NetworkListener): boolean => protocol !== 'UDP' && protocol !== 'QUIC';

/** The reason why no listener is certain to lead to the port. */
function noCertainWay(
  { where, port, dnsName }: { readonly where: string; readonly port: number; readonly dnsName: string },
  {
    mine: [mixed],
    others,
    meant,
  }: {
    readonly mine: readonly Leading[];
    readonly others: readonly NetworkListener[];
    readonly meant: readonly TargetGroup[];
  },
): ElbProxyError {
  if (mixed !== undefined)
    return usageError(
      `--port ${port}: ${networkListenerName(mixed.listener)} of ${where} forwards by weights to ${nameSome(mixed.groups.map((one) => one.name))}, which all have targets at that port: which one a connection takes is up to the load balancer`,
      `connect with --through ${dnsName}:${mixed.listener.port} to test whichever it chooses`,
    );
  const datagrams = others.find((one) => !carriesTcp(one));
  if (datagrams !== undefined)
    return usageError(
      `--port ${port}: only ${networkListenerName(datagrams)} of ${where} forwards there, and that carries no TCP connection: verify listen connects by TCP`,
      `watch its datagrams with: tcpdump -X 'udp port ${port}'`,
    );
  const [none] = others;
  return usageError(
    none === undefined
      ? `--port ${port}: no listener of ${where} forwards to ${nameSome(meant.map((one) => one.name))}`
      : `--port ${port}: ${networkListenerName(none)} of ${where} forwards there with weight 0, so no connection comes`,
    'have a listener forward to the target group first: aws elbv2 modify-listener',
  );
}

const leadingInWords = ({ listener, groups }: Leading): string =>
  `${groups.map((one) => one.name).join(' and ')} (${networkListenerName(listener)})`;

function portsInWords(group: TargetGroup): string {
  const ports = targetPorts(group);
  return `${group.name} has ${ports.length === 0 ? 'none' : ports.join(', ')}`;
}
