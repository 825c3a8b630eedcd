import { inspect, namesWithTags } from '../../app/inspect.js';
import { inspectNetwork, inspectNetworkNamed, networkNamesWithTags } from '../../app/inspect-network.js';
import { ofName } from '../../app/inspection.js';
import type { LoadBalancer, Tag } from '../../core/model.js';
import { nameSome } from '../../core/name-some.js';
import { groupProxyState } from '../../core/network/group-status.js';
import type { NetworkLoadBalancer } from '../../core/network-load-balancer.js';
import { instancePortStatuses } from '../../core/status.js';
import { ElbProxyError, messageOf, usageError } from '../../errors.js';
import { printable } from '../../render/printable.js';
import { paragraph } from '../../render/text/paragraph.js';
import type { Context } from '../context.js';
import { networkNamesakes, whereReadable } from '../network-namesake.js';
import { tagWords } from '../options.js';
import { cancelled } from '../prompts/cancelled.js';
import type { Prompter } from '../prompts/prompter.js';
import { whileWaiting } from '../while-waiting.js';
import type { Places } from './group-options.js';
import { choiceStyle } from './tick-places.js';

/** Load balancers of one kind, by their names. */
export interface OfKind {
  readonly kind: Places['kind'];
  readonly names: readonly string[];
}

interface Candidate {
  readonly kind: Places['kind'];
  readonly name: string;
  readonly summary: string;
}

/** The load balancers that are meant, of one kind: asks if none is named, or if both kinds have every name. */
export async function chooseKind(
  names: readonly string[],
  only: Places['kind'] | undefined,
  prompter: Prompter,
  region: string | undefined,
  context: Context,
): Promise<OfKind> {
  const { region: where } = await context.api(region);
  if (names.length === 0) {
    const all = await whileWaiting('reading load balancers', candidates(only, region, context), context);
    if (all.length === 0) throw usageError(`there is no load balancer in ${where}`, 'give another --region');
    return pick(`Which load balancer in ${where}?`, all, prompter);
  }
  if (only !== undefined) return { kind: only, names };
  const classic = await whileWaiting('reading load balancers', namedClassic(names, region, context), context);
  const all = (found: readonly { readonly name: string }[]): boolean =>
    names.every((name) => ofName(found, name) !== undefined);
  const reading = all(classic)
    ? networkNamesakes(names, region, context)
    : namedNetwork(names, region, context);
  const network = await whileWaiting('reading load balancers', reading, context);
  if (all(classic) && all(network)) {
    const summaries = names.length > 1 ? [] : [...classic.map(portSummary), ...network.map(groupSummary)];
    const of =
      names.length > 1 ? `${names.join(', ')} in ${where} are names` : `${names[0]} in ${where} is the name`;
    const message = `${of} of both a Classic and a Network Load Balancer. Which ${names.length > 1 ? 'kind' : 'one'}?`;
    const { kind } = await pick(message, twoKinds(names, names, summaries), prompter);
    return { kind, names };
  }
  if (all(classic)) return { kind: 'classic', names };
  // A name that none of them has is refused when it is read.
  if (network.length === 0) return { kind: 'classic', names };
  if (classic.length === 0 || all(network)) return { kind: 'network', names };
  throw usageError(
    `${names.join(', ')}: ${classic.map(({ name }) => name).join(', ')} is Classic, ${network.map(({ name }) => name).join(', ')} a Network Load Balancer: they are not changed in one run`,
    'change one kind, then the other',
  );
}

/** Of which kind the load balancers with some tags are meant, where both kinds have such: asks. */
export async function chooseTaggedKind(
  tags: readonly Tag[],
  prompter: Prompter,
  region: string | undefined,
  context: Context,
): Promise<Places['kind']> {
  const api = await context.api(region);
  const ofNetwork = whereReadable((networks) => networkNamesWithTags(networks, tags), region, context);
  const reading = Promise.all([namesWithTags(api, tags), ofNetwork]);
  const [classic, network] = await whileWaiting('reading tags', reading, context);
  if (classic.length === 0 || network.length === 0) return network.length === 0 ? 'classic' : 'network';
  const message = `Both kinds of load balancer in ${api.region} have ${tagWords(tags)}. Which kind?`;
  return (await pick(message, twoKinds(classic, network), prompter)).kind;
}

/** A choice between two kinds: what each has of it. */
function twoKinds(
  classic: readonly string[],
  network: readonly string[],
  [ofClassic = '', ofNetwork = '']: readonly string[] = [],
): readonly Candidate[] {
  return [
    { kind: 'classic', name: nameSome(classic), summary: ofClassic },
    { kind: 'network', name: nameSome(network), summary: ofNetwork },
  ];
}

async function pick(message: string, found: readonly Candidate[], prompter: Prompter): Promise<OfKind> {
  const column = Math.max(...found.map(({ name }) => name.length));
  const values = found.map(({ kind, name }) =>
    found.filter((other) => other.name === name).length > 1 ? `${name} (${kind})` : name,
  );
  const value = await prompter.pick(
    message,
    found.map(({ kind, name, summary }, index) => ({
      value: values[index] ?? name,
      name: paragraph(
        printable(`${name.padEnd(column)}  ${kind.padEnd(7)}  ${summary}`),
        choiceStyle(prompter),
        { hanging: 4 },
      ).join('\n'),
    })),
  );
  const picked = value === undefined ? undefined : found[values.indexOf(value)];
  if (picked === undefined) throw cancelled();
  return { kind: picked.kind, names: [picked.name] };
}

/** All of the region, or those of one kind if only that is meant. */
async function candidates(
  only: Places['kind'] | undefined,
  region: string | undefined,
  context: Context,
): Promise<readonly Candidate[]> {
  const { emit } = context;
  const [classic, network] = await Promise.all([
    only === 'network' ? [] : context.api(region).then((api) => inspect(api, { detail: 'lists', emit })),
    only === 'classic' ? [] : allNetwork(region, only === undefined, context),
  ]);
  return [
    ...classic.map((one) => ({ kind: 'classic' as const, name: one.name, summary: portSummary(one) })),
    ...network.map((one) => ({ kind: 'network' as const, name: one.name, summary: groupSummary(one) })),
  ].toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** If the caller may not read them, or the endpoint does not serve them, there are still Classic ones. */
async function allNetwork(
  region: string | undefined,
  optional: boolean,
  context: Context,
): Promise<readonly NetworkLoadBalancer[]> {
  const { emit } = context;
  try {
    return await inspectNetwork(await context.networkApi(region), { detail: 'groups', emit });
  } catch (error) {
    if (!optional || !(error instanceof ElbProxyError)) throw error;
    emit({ code: 'warning', message: `Network Load Balancers could not be read: ${messageOf(error)}` });
    return [];
  }
}

/** The Classic ones of some names. */
async function namedClassic(
  names: readonly string[],
  region: string | undefined,
  context: Context,
): Promise<readonly LoadBalancer[]> {
  const { emit } = context;
  const api = await context.api(region);
  const read = async (some: readonly string[]): Promise<readonly LoadBalancer[]> => {
    try {
      return await inspect(api, { names: some, detail: 'lists', emit });
    } catch (error) {
      if (!(error instanceof ElbProxyError) || error.code !== 'LoadBalancerNotFound') throw error;
      if (some.length === 1) return [];
      return (await Promise.all(some.map((name) => read([name])))).flat();
    }
  };
  return read(names);
}

/** The Network Load Balancers of some names; none if they can't be read, so that the error about Classic ones is shown. */
async function namedNetwork(
  names: readonly string[],
  region: string | undefined,
  context: Context,
): Promise<readonly NetworkLoadBalancer[]> {
  const { emit } = context;
  try {
    const api = await context.networkApi(region);
    return (await inspectNetworkNamed(api, { names, detail: 'groups', emit })).found;
  } catch {
    return [];
  }
}

function portSummary(loadBalancer: LoadBalancer): string {
  const on = instancePortStatuses(loadBalancer).filter(({ proxyProtocol }) => proxyProtocol !== 'disabled');
  return on.length === 0
    ? 'PROXY on no port'
    : `PROXY on ${on.map(({ instancePort }) => instancePort).join(', ')}`;
}

function groupSummary({ targetGroups = [] }: NetworkLoadBalancer): string {
  const on = targetGroups.filter((group) => groupProxyState(group) === 'enabled');
  return on.length === 0 ? 'PROXY on no target group' : `PROXY on ${on.map(({ name }) => name).join(', ')}`;
}
