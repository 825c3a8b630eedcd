import { inspect } from '../../app/inspect.js';
import { inspectNetwork } from '../../app/inspect-network.js';
import type { LoadBalancer } from '../../core/model.js';
import { groupProxyState } from '../../core/network/group-status.js';
import type { NetworkLoadBalancer } from '../../core/network-load-balancer.js';
import { instancePortStatuses } from '../../core/status.js';
import { ElbProxyError, messageOf, usageError } from '../../errors.js';
import { printable } from '../../render/printable.js';
import { paragraph } from '../../render/text/paragraph.js';
import type { Context } from '../context.js';
import { cancelled } from '../prompts/cancelled.js';
import type { Prompter } from '../prompts/prompter.js';
import { whileWaiting } from '../while-waiting.js';
import { choiceMargin } from './choice-margin.js';
import type { Places } from './group-options.js';

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

/**
 * Which load balancers are meant, and of which kind they are: asks where none is named, and where a name is of one of
 * each kind.
 * @param only the kind that is meant, where an option says it
 */
export async function chooseKind(
  names: readonly string[],
  only: Places['kind'] | undefined,
  prompter: Prompter,
  region: string | undefined,
  context: Context,
): Promise<OfKind> {
  const found = await whileWaiting(
    'reading load balancers',
    candidates(names, only, region, context),
    context,
  );
  const { region: where } = await context.api(region);
  if (names.length === 0) {
    if (found.length === 0) throw usageError(`there is no load balancer in ${where}`, 'give another --region');
    return pick(`Which load balancer in ${where}?`, found, prompter);
  }
  // What none of them is called is for the reading to refuse.
  const [first] = found;
  if (first === undefined) return { kind: 'classic', names };
  const kinds = (['classic', 'network'] as const).filter((kind) =>
    names.every((name) => found.some((one) => one.kind === kind && same(one.name, name))),
  );
  if (kinds.length > 1 && names.length === 1)
    return pick(`There are two load balancers named ${first.name} in ${where}. Which one?`, found, prompter);
  const [kind] = kinds;
  if (kinds.length === 1 && kind !== undefined) return { kind, names };
  if (kinds.length > 1) return { kind: 'classic', names };
  const missing = names.find((name) => !found.some((one) => same(one.name, name)));
  if (missing !== undefined) return { kind: first.kind, names };
  throw usageError(
    `${found.map((one) => `${one.name} is a ${words[one.kind]}`).join(', ')}: they are not changed in one run`,
    'change those of one kind after the others',
  );
}

const words = { classic: 'Classic load balancer', network: 'Network Load Balancer' } as const;

async function pick(
  message: string,
  found: readonly Candidate[],
  prompter: Prompter,
): Promise<OfKind> {
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
        { width: prompter.style.width - choiceMargin },
        { hanging: 4 },
      ).join('\n'),
    })),
  );
  const picked = value === undefined ? undefined : found[values.indexOf(value)];
  if (picked === undefined) throw cancelled();
  return { kind: picked.kind, names: [picked.name] };
}

async function candidates(
  names: readonly string[],
  only: Places['kind'] | undefined,
  region: string | undefined,
  context: Context,
): Promise<readonly Candidate[]> {
  const [classic, network] = await Promise.all([
    only === 'network' ? [] : classicOnes(names, region, context),
    only === 'classic' ? [] : networkOnes(names, region, only === undefined, context),
  ]);
  return [...classic, ...network].toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

async function classicOnes(
  names: readonly string[],
  region: string | undefined,
  context: Context,
): Promise<readonly Candidate[]> {
  const { emit } = context;
  const found = await inspect(await context.api(region), { detail: 'lists', emit });
  return found
    .filter(({ name }) => names.length === 0 || names.some((one) => same(one, name)))
    .map((one) => ({ kind: 'classic', name: one.name, summary: summary(one) }));
}

/** Without the right to read them, or where an endpoint does not serve them, there are those of the other kind still. */
async function networkOnes(
  names: readonly string[],
  region: string | undefined,
  optional: boolean,
  context: Context,
): Promise<readonly Candidate[]> {
  const { emit } = context;
  try {
    const api = await context.networkApi(region);
    const found = await inspectNetwork(api, { detail: 'groups', emit });
    return found
      .filter(({ name }) => names.length === 0 || names.some((one) => same(one, name)))
      .map((one) => ({ kind: 'network', name: one.name, summary: networkSummary(one) }));
  } catch (error) {
    if (!optional || !(error instanceof ElbProxyError)) throw error;
    emit({
      code: 'warning',
      message: `Network Load Balancers could not be read: ${messageOf(error)}`,
    });
    return [];
  }
}

/** The service takes a name in any letter case for the same load balancer. */
function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function summary(loadBalancer: LoadBalancer): string {
  const on = instancePortStatuses(loadBalancer).filter(({ proxyProtocol }) => proxyProtocol !== 'disabled');
  return on.length === 0
    ? 'PROXY on no port'
    : `PROXY on ${on.map(({ instancePort }) => instancePort).join(', ')}`;
}

function networkSummary({ targetGroups = [] }: NetworkLoadBalancer): string {
  const on = targetGroups.filter((group) => groupProxyState(group) === 'enabled');
  return on.length === 0 ? 'PROXY on no target group' : `PROXY on ${on.map(({ name }) => name).join(', ')}`;
}
