import pMap, { pMapIterable, pMapSkip } from 'p-map';
import { compareNames } from '../core/compare-names.js';
import type { Tag } from '../core/model.js';
import type { NetworkLoadBalancer, TargetGroup } from '../core/network-load-balancer.js';
import { ElbProxyError } from '../errors.js';
import { atMost, type InTurn } from './at-most.js';
import type { Emit } from './events.js';
import { readTargetGroup } from './inspect-target-group.js';
import {
  callsAtOnce,
  havingTags,
  type InspectionOf,
  isNotFound,
  type Named,
  namesOn,
  ofName,
  readNamed,
  sayHeldBack,
} from './inspection.js';
import { optionalRead } from './optional-read.js';
import { allOf } from './pages.js';
import type { ElasticLoadBalancingV2 } from './ports.js';
import { withTargetsElsewhere } from './targets-elsewhere.js';

/** The extent of a read. `groups`: listeners, and target groups with their attributes. `all`: also targets and tags. */
export type NetworkInspection = InspectionOf<'groups' | 'all'>;

/**
 * Reads Network Load Balancers by name, in the order of the names, each once; in the service's order if none are given.
 * @throws ElbProxyError of code `LoadBalancerNotFound` or `not-a-network-load-balancer` for the first name that is not found
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

/** The same for names that may not exist: the existing ones are read. */
export async function inspectNetworkNamed(
  api: ElasticLoadBalancingV2,
  inspection: NetworkInspection & { readonly names: readonly string[] },
): Promise<Named<NetworkLoadBalancer>> {
  const names = [...new Set(inspection.names)];
  const { found: there, failures } = await readNamed(
    names,
    (some) => allOf(api.describeLoadBalancers(some)),
    (code) => code === 'LoadBalancerNotFound' || code === 'not-a-network-load-balancer',
  );
  inspection.looked?.(there.length);
  const wanted = await havingTags(there, inspection.tags, arnOf, (arns) => api.describeTags(arns));
  const inTurn = atMost(callsAtOnce);
  const listed = await pMap(
    wanted,
    async (loadBalancer) => {
      const filter = { loadBalancerArn: loadBalancer.arn };
      const groups = () => inTurn(() => allOf(api.describeTargetGroups(filter)));
      try {
        return await withDetail(api, loadBalancer, groups, inspection, inTurn);
      } catch (error) {
        if (!isNotFound(error)) throw error;
        failures.set(loadBalancer.name, error);
        return pMapSkip;
      }
    },
    { concurrency: callsAtOnce },
  );
  const read = inspection.detail === 'all' ? await withTargetsElsewhere(api, listed, inTurn) : listed;
  return { found: [...new Set(names.flatMap((name) => ofName(read, name) ?? []))], failures };
}

/** All load balancers of a region, one by one. Groups come in one list: those for later ones are kept in memory. */
export async function* inspectNetworkEach(
  api: ElasticLoadBalancingV2,
  inspection: Omit<NetworkInspection, 'names'>,
): AsyncGenerator<NetworkLoadBalancer, undefined> {
  const { detail, emit, looked } = inspection;
  const inTurn = atMost(callsAtOnce);
  let groups: Map<string, TargetGroup[]> | undefined;
  let said = false;
  for await (const page of api.describeLoadBalancers()) {
    looked?.(page.length);
    const wanted = await havingTags(page, inspection.tags, arnOf, (arns) => api.describeTags(arns));
    if (wanted.length === 0) continue;
    // Skipped if there is no Network Load Balancer: an IAM policy for Classic ones does not allow the call.
    groups ??= await groupsByLoadBalancer(api);
    const byArn = groups;
    const count = wanted.reduce((sum, { arn }) => sum + (byArn.get(arn)?.length ?? 0), 0);
    const calls = wanted.length * (detail === 'all' ? 2 : 1) + count * (detail === 'all' ? 2 : 1);
    if (!said) said = sayHeldBack(api, calls, emit);
    yield* pMapIterable(
      wanted,
      async (loadBalancer) => {
        const own = byArn.get(loadBalancer.arn) ?? [];
        byArn.delete(loadBalancer.arn);
        try {
          return await withDetail(api, loadBalancer, async () => own, inspection, inTurn);
        } catch (error) {
          // Some may be deleted while a long list is read.
          if (isNotFound(error)) return pMapSkip;
          throw error;
        }
      },
      { concurrency: callsAtOnce },
    );
  }
}

/** The names of the Network Load Balancers that have all of these tags: pages and tags are read, nothing else. */
export async function networkNamesWithTags(
  api: ElasticLoadBalancingV2,
  tags: readonly Tag[],
): Promise<readonly string[]> {
  return namesOn(api.describeLoadBalancers(), (page) =>
    havingTags(page, tags, arnOf, (arns) => api.describeTags(arns)),
  );
}

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

async function withDetail(
  api: ElasticLoadBalancingV2,
  loadBalancer: NetworkLoadBalancer,
  readGroups: () => Promise<readonly TargetGroup[]>,
  inspection: NetworkInspection,
  inTurn: InTurn,
): Promise<NetworkLoadBalancer> {
  const { detail, emit, tags: filter = [] } = inspection;
  const reading = readListeners(api, loadBalancer, inspection, inTurn);
  // It is awaited below; until then its rejection would be unhandled.
  reading.catch(() => undefined);
  const groups = await readGroups();
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
      .toSorted((a, b) => compareNames(a.name, b.name)),
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

/** Without a complete answer the listeners are unknown; the groups, and what they send, are still known. */
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

/** ELBv2 never allows this, so it is not clear whose setting a change would affect. */
function tellShared({ name, loadBalancerArns = [] }: TargetGroup, emit: Emit): void {
  if (loadBalancerArns.length < 2) return;
  const message = `the service says that target group ${name} is on ${loadBalancerArns.length} load balancers, which ELBv2 does not allow: a change affects all of them`;
  emit({ code: 'warning', message });
}

function arnOf({ arn }: NetworkLoadBalancer): string {
  return arn;
}
