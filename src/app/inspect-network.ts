import pMap, { pMapIterable, pMapSkip } from 'p-map';
import type { Tag } from '../core/model.js';
import type { NetworkLoadBalancer, TargetGroup } from '../core/network-load-balancer.js';
import { ElbProxyError } from '../errors.js';
import { atMost, type InTurn } from './at-most.js';
import type { Emit } from './events.js';
import type { Named } from './inspect.js';
import { readTargetGroup } from './inspect-target-group.js';
import { optionalRead } from './optional-read.js';
import type { ElasticLoadBalancingV2 } from './ports.js';
import { withTargetsElsewhere } from './targets-elsewhere.js';

/** What to read, and how much of it: each further detail costs calls. */
export interface NetworkInspection {
  /** Absent: every Network Load Balancer of the region. */
  readonly names?: readonly string[] | undefined;
  /** `groups`: listeners, and target groups with their attributes. `all`: also targets and tags. */
  readonly detail: 'groups' | 'all';
  /** Only load balancers that have all of these tags. */
  readonly tags?: readonly Tag[] | undefined;
  readonly emit: Emit;
  /** Called with the number of load balancers on each page, before tags leave some of them out. */
  readonly looked?: ((count: number) => void) | undefined;
}

/** Load balancers, and calls, under way at once; the service's published bucket holds 40 and refills 10 a second. */
const concurrency = 8;
/** Calls for names that are tried one by one. */
const namesAtOnce = 4;
/** Being held back for longer than this is said. */
const longMs = 3000;

/**
 * Reads Network Load Balancers by name, in the order of the names, each once; in the service's order where none are given.
 * @throws ElbProxyError of code `LoadBalancerNotFound` or `not-a-network-load-balancer` for the first name of none
 */
export async function inspectNetwork(
  api: ElasticLoadBalancingV2,
  inspection: NetworkInspection,
): Promise<readonly NetworkLoadBalancer[]> {
  const { names } = inspection;
  if (names === undefined) {
    const all: NetworkLoadBalancer[] = [];
    for await (const loadBalancer of inspectNetworkEach(api, inspection)) all.push(loadBalancer);
    return all;
  }
  const { found, failures } = await inspectNetworkNamed(api, { ...inspection, names });
  for (const failure of failures.values()) throw failure;
  return found;
}

/** The same where names may be of none: those that are there are read all the same. */
export async function inspectNetworkNamed(
  api: ElasticLoadBalancingV2,
  inspection: NetworkInspection & { readonly names: readonly string[] },
): Promise<Named<NetworkLoadBalancer>> {
  const names = [...new Set(inspection.names)];
  const { there, failures } = await lookUp(api, names);
  inspection.looked?.(there.length);
  const wanted = await havingTags(api, there, inspection);
  const inTurn = atMost(concurrency);
  const listed = await pMap(
    wanted,
    async (loadBalancer) => {
      const filter = { loadBalancerArn: loadBalancer.arn };
      const listeners = readListeners(api, loadBalancer, inspection, inTurn);
      // It is waited for below; until then nothing else would hear of its failure.
      listeners.catch(() => undefined);
      try {
        const groups = await inTurn(() => allOf(api.describeTargetGroups(filter)));
        return await withDetail(api, { loadBalancer, groups, listeners }, inspection, inTurn);
      } catch (error) {
        if (!(error instanceof ElbProxyError) || error.code !== 'LoadBalancerNotFound') throw error;
        failures.set(loadBalancer.name, error);
        return pMapSkip;
      }
    },
    { concurrency },
  );
  const read = inspection.detail === 'all' ? await withTargetsElsewhere(api, listed, inTurn) : listed;
  const byName = (name: string): NetworkLoadBalancer | undefined =>
    read.find((one) => one.name === name) ??
    read.find((one) => one.name.toLowerCase() === name.toLowerCase());
  return { found: [...new Set(names.flatMap((name) => byName(name) ?? []))], failures };
}

/**
 * All of a region one after the other, as they are read. A region's groups come in one list that is not in the order of
 * the load balancers, so those that are still to come are held; nothing else is.
 */
export async function* inspectNetworkEach(
  api: ElasticLoadBalancingV2,
  inspection: Omit<NetworkInspection, 'names'>,
): AsyncGenerator<NetworkLoadBalancer, undefined> {
  const { detail, emit, looked } = inspection;
  const inTurn = atMost(concurrency);
  let groups: Map<string, TargetGroup[]> | undefined;
  let told = false;
  for await (const page of api.describeLoadBalancers()) {
    looked?.(page.length);
    const wanted = await havingTags(api, page, inspection);
    if (wanted.length === 0) continue;
    // Not asked for where there is no Network Load Balancer: a policy for Classic ones does not allow it.
    groups ??= await groupsByLoadBalancer(api);
    const byArn = groups;
    const count = wanted.reduce((sum, { arn }) => sum + (byArn.get(arn)?.length ?? 0), 0);
    const calls = wanted.length * (detail === 'all' ? 2 : 1) + count * (detail === 'all' ? 2 : 1);
    if (!told) told = tellHeldBack(api, calls, emit);
    yield* pMapIterable(
      wanted,
      async (loadBalancer) => {
        const own = byArn.get(loadBalancer.arn) ?? [];
        byArn.delete(loadBalancer.arn);
        try {
          const listeners = readListeners(api, loadBalancer, inspection, inTurn);
          listeners.catch(() => undefined);
          return await withDetail(api, { loadBalancer, groups: own, listeners }, inspection, inTurn);
        } catch (error) {
          // Some may be deleted while a long list is read.
          if (codeOf(error) === 'LoadBalancerNotFound') return pMapSkip;
          throw error;
        }
      },
      { concurrency },
    );
  }
}

/** In one call where all are there; else each on its own, since one that is not fails the call for all. */
async function lookUp(
  api: ElasticLoadBalancingV2,
  names: readonly string[],
): Promise<{
  readonly there: readonly NetworkLoadBalancer[];
  readonly failures: Map<string, ElbProxyError>;
}> {
  const failures = new Map<string, ElbProxyError>();
  const read = async (some: readonly string[]): Promise<readonly NetworkLoadBalancer[]> => {
    try {
      return await allOf(api.describeLoadBalancers(some));
    } catch (error) {
      const [name = '', ...more] = some;
      if (!(error instanceof ElbProxyError) || !notThere.has(error.code)) throw error;
      if (more.length > 0)
        return (await pMap(some, (one) => read([one]), { concurrency: namesAtOnce })).flat();
      failures.set(name, error);
      return [];
    }
  };
  const there = await read(names);
  // In the order of the names, whichever answer came first.
  const ordered = new Map(
    names.flatMap((name) => {
      const failure = failures.get(name);
      return failure === undefined ? [] : [[name, failure] as const];
    }),
  );
  return { there, failures: ordered };
}

const notThere: ReadonlySet<string> = new Set(['LoadBalancerNotFound', 'not-a-network-load-balancer']);

/** All groups of the region, by the load balancers that they are on. */
async function groupsByLoadBalancer(api: ElasticLoadBalancingV2): Promise<Map<string, TargetGroup[]>> {
  const byArn = new Map<string, TargetGroup[]>();
  for await (const page of api.describeTargetGroups()) {
    for (const group of page) {
      for (const arn of group.loadBalancerArns ?? []) {
        const own = byArn.get(arn);
        if (own === undefined) byArn.set(arn, [group]);
        else own.push(group);
      }
    }
  }
  return byArn;
}

interface Listed {
  readonly loadBalancer: NetworkLoadBalancer;
  readonly groups: readonly TargetGroup[];
  readonly listeners: ReturnType<typeof readListeners>;
}

async function withDetail(
  api: ElasticLoadBalancingV2,
  { loadBalancer, groups, listeners: reading }: Listed,
  inspection: NetworkInspection,
  inTurn: InTurn,
): Promise<NetworkLoadBalancer> {
  const { detail, emit, tags: filter = [] } = inspection;
  for (const group of groups) tellShared(group, emit);
  const arns = [loadBalancer.arn, ...groups.map(({ arn }) => arn)];
  const tags =
    detail === 'all'
      ? optionalRead(
          inTurn(() => api.describeTags(arns)),
          emit,
        )
      : undefined;
  const [{ listeners, failed }, targetGroups] = await Promise.all([
    reading,
    pMap(groups, (group) => readTargetGroup(api, group, { detail, emit, tags, inTurn })),
  ]);
  const known = await tags;
  const notRead = { listeners: failed, tags: known?.failed };
  const unlisted = (listeners ?? [])
    .flatMap((listener) => listener.targetGroups)
    .filter((named) => !groups.some(({ arn }) => arn === named.arn));
  return {
    ...(filter.length > 0 || known === undefined ? {} : { tags: known.value?.get(loadBalancer.arn) }),
    ...loadBalancer,
    listeners,
    targetGroups: targetGroups
      .filter((group) => group !== undefined)
      .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    ...(Object.values(notRead).some((code) => code !== undefined) ? { notRead } : {}),
    ...(unlisted.length === 0
      ? {}
      : {
          missing: [...new Set(unlisted.map(({ arn }) => arn))].map((arn) => ({
            field: `TargetGroups[${arn}]`,
          })),
        }),
  };
}

/** Listeners that are not answered whole are not known; the groups and what they send are, all the same. */
async function readListeners(
  api: ElasticLoadBalancingV2,
  { arn }: NetworkLoadBalancer,
  { emit }: NetworkInspection,
  inTurn: InTurn,
): Promise<Pick<NetworkLoadBalancer, 'listeners'> & { readonly failed?: string }> {
  try {
    return { listeners: await inTurn(() => api.describeListeners(arn)) };
  } catch (error) {
    if (!(error instanceof ElbProxyError) || error.code !== 'incomplete-answer') throw error;
    emit({ code: 'warning', message: error.message });
    return { failed: error.code };
  }
}

/** The service never allows it, so whose setting is changed is not clear. */
function tellShared({ name, loadBalancerArns = [] }: TargetGroup, emit: Emit): void {
  if (loadBalancerArns.length < 2) return;
  const message = `the service says that target group ${name} is on ${loadBalancerArns.length} load balancers, which ELBv2 does not allow: a change is one for all of them`;
  emit({ code: 'warning', message });
}

/** Those that have the tags asked for, with their tags; all of them as they are where none are. */
async function havingTags(
  api: ElasticLoadBalancingV2,
  page: readonly NetworkLoadBalancer[],
  { tags: wanted = [] }: Pick<NetworkInspection, 'tags'>,
): Promise<readonly NetworkLoadBalancer[]> {
  if (wanted.length === 0 || page.length === 0) return page;
  const tags = await api.describeTags(page.map(({ arn }) => arn));
  return page
    .map((loadBalancer) => ({ ...loadBalancer, tags: tags.get(loadBalancer.arn) }))
    .filter((loadBalancer) =>
      wanted.every(({ key, value }) =>
        loadBalancer.tags?.some((tag) => tag.key === key && tag.value === value),
      ),
    );
}

function tellHeldBack(api: ElasticLoadBalancingV2, calls: number, emit: Emit): boolean {
  const { ms = 0, perSecond = 0 } = api.heldBack?.(calls) ?? {};
  if (ms < longMs) return false;
  emit({ code: 'held-back', region: api.region, calls, ms, perSecond });
  return true;
}

async function allOf<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof ElbProxyError ? error.code : undefined;
}
