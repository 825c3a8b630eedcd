import { pMapIterable, pMapSkip } from 'p-map';
import type { LoadBalancer, Tag } from '../core/model.js';
import { nameSome } from '../core/name-some.js';
import type { Emit } from './events.js';
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
import { type OptionalRead, optionalRead } from './optional-read.js';
import type { ElasticLoadBalancing } from './ports.js';
import { noSuchLoadBalancer } from './wrong-name.js';

/** The extent of a read. `lists`: policies only if a port has some. `policies`: always. `all`: also instances' health and tags. */
export type Inspection = InspectionOf<'lists' | 'policies' | 'all'>;

/**
 * Reads load balancers by name, in the order of the names, each once; in the service's order if none are given.
 * @throws ElbProxyError of code `LoadBalancerNotFound` for a name that the region does not have
 */
export async function inspect(
  api: ElasticLoadBalancing,
  inspection: Inspection,
): Promise<readonly LoadBalancer[]> {
  const found: LoadBalancer[] = [];
  for await (const loadBalancer of inspectEach(api, inspection)) found.push(loadBalancer);
  const { names, tags = [] } = inspection;
  if (names === undefined) return found;
  const asked = [...new Set(names)].flatMap((name) => {
    const loadBalancer = ofName(found, name);
    if (loadBalancer !== undefined) return [loadBalancer];
    if (tags.length > 0) return [];
    throw noSuchLoadBalancer({ name, region: api.region });
  });
  // A name given twice, in different letter case, counts once.
  return [...new Set(asked)];
}

/** The same for names that may not exist: in one call if all exist, else one call per name. */
export async function inspectNamed(
  api: ElasticLoadBalancing,
  inspection: Inspection & { readonly names: readonly string[] },
): Promise<Named<LoadBalancer>> {
  return readNamed(
    inspection.names,
    (names) => inspect(api, { ...inspection, names }),
    (code) => code === 'LoadBalancerNotFound',
  );
}

/** The same, one by one, as they are read: never more than a page is in memory, and nothing is read ahead. */
export async function* inspectEach(
  api: ElasticLoadBalancing,
  inspection: Inspection,
): AsyncGenerator<LoadBalancer, undefined> {
  const { names, detail, emit } = inspection;
  let said = false;
  for await (const page of api.describeLoadBalancers(names)) {
    inspection.looked?.(page.length);
    const wanted = await havingTags(page, inspection.tags, nameOf, (keys) => api.describeTags(keys));
    if (!said) said = sayHeldBack(api, detailCalls(wanted, detail), emit);
    const tags = tagsFor(api, wanted, inspection);
    const detailed = (loadBalancer: LoadBalancer): Promise<LoadBalancer | typeof pMapSkip> =>
      withDetail(api, loadBalancer, inspection, tags).catch((error: unknown) => {
        // Some may be deleted while a long list is read. A named one must exist.
        if (names === undefined && isNotFound(error)) return pMapSkip;
        throw error;
      });
    yield* pMapIterable(wanted, detailed, { concurrency: callsAtOnce });
  }
}

/** The names of the load balancers that have all of these tags: pages and tags are read, nothing else. */
export async function namesWithTags(
  api: ElasticLoadBalancing,
  tags: readonly Tag[],
): Promise<readonly string[]> {
  return namesOn(api.describeLoadBalancers(), (page) =>
    havingTags(page, tags, nameOf, (keys) => api.describeTags(keys)),
  );
}

function detailCalls(page: readonly LoadBalancer[], detail: Inspection['detail']): number {
  const policies = page.filter((loadBalancer) => needsPolicies(loadBalancer, detail)).length;
  return policies + (detail === 'all' ? page.length : 0);
}

function needsPolicies({ backendServers }: LoadBalancer, detail: Inspection['detail']): boolean {
  return detail !== 'lists' || backendServers.length > 0;
}

function nameOf({ name }: LoadBalancer): string {
  return name;
}

/** Tags by load balancer; undefined if they were not requested. */
type PageTags = Promise<OptionalRead<ReadonlyMap<string, readonly Tag[]>> | undefined>;

/** Tags that don't filter only feed a hazard: they are read in parallel with the other details, and may be missing. */
function tagsFor(
  api: ElasticLoadBalancing,
  page: readonly LoadBalancer[],
  { detail, tags = [], emit }: Inspection,
): PageTags {
  if (detail !== 'all' || tags.length > 0) return Promise.resolve(undefined);
  return optionalRead(api.describeTags(page.map(({ name }) => name)), emit);
}

async function withDetail(
  api: ElasticLoadBalancing,
  loadBalancer: LoadBalancer,
  { detail, emit }: Inspection,
  pageTags: PageTags,
): Promise<LoadBalancer> {
  const { name } = loadBalancer;
  const [policies, states, tags] = await Promise.all([
    needsPolicies(loadBalancer, detail) ? api.describeLoadBalancerPolicies(name) : undefined,
    detail === 'all' ? optionalRead(api.describeInstanceHealth(name), emit) : undefined,
    pageTags,
  ]);
  tellUndescribed({ ...loadBalancer, policies }, emit);
  const notRead = { instanceStates: states?.failed, tags: tags?.failed };
  return {
    tags: tags?.value?.get(name),
    ...loadBalancer,
    policies,
    instanceStates: states?.value,
    ...(Object.values(notRead).some((code) => code !== undefined) ? { notRead } : {}),
  };
}

/** A policy that is attached but not described counts as some other policy, and stays; this guess is reported. */
function tellUndescribed({ name, region, backendServers, policies }: LoadBalancer, emit: Emit): void {
  if (policies === undefined) return;
  const described = new Set(policies.map((policy) => policy.name));
  const attached = new Set(backendServers.flatMap(({ policyNames }) => policyNames));
  const undescribed = [...attached].filter((policy) => !described.has(policy));
  if (undescribed.length === 0) return;
  const message = `the service does not say what ${nameSome(undescribed)} on load balancer ${name} (${region}) is: whether it switches the PROXY protocol on is not known`;
  emit({ code: 'warning', message });
}
