import pMap from 'p-map';
import type { LoadBalancer } from '../core/model.js';
import { ElbProxyError } from '../errors.js';
import type { Emit } from './events.js';
import type { ElasticLoadBalancing } from './ports.js';

/** What to read, and how much of it: each further detail costs calls. */
export interface Inspection {
  /** Absent: every load balancer of the region. */
  readonly names?: readonly string[] | undefined;
  /** `all`: policies, instances' health and tags. `lists`: policies only where a port has some. */
  readonly detail: 'lists' | 'all';
  readonly emit: Emit;
}

/** Calls under way at once; the service's published bucket holds 40 and refills 10 a second. */
const concurrency = 8;

/**
 * Reads load balancers by name, in the order of the names, each once; in the service's order where none are given.
 * @throws ElbProxyError of code `LoadBalancerNotFound` for a name that the region does not have
 */
export async function inspect(
  api: ElasticLoadBalancing,
  inspection: Inspection,
): Promise<readonly LoadBalancer[]> {
  const found: LoadBalancer[] = [];
  for await (const page of inspectPages(api, inspection)) found.push(...page);
  const { names } = inspection;
  if (names === undefined) return found;
  return [...new Set(names)].map((name) => {
    const loadBalancer = found.find((candidate) => candidate.name === name);
    if (loadBalancer !== undefined) return loadBalancer;
    throw new ElbProxyError(`there is no load balancer named ${name} in ${api.region}`, {
      code: 'LoadBalancerNotFound',
      fault: 'user',
      hint: `list those that are there with: elb-proxy status --region ${api.region}`,
    });
  });
}

/** The same, a page at a time, so that a fleet is never in memory at once. */
export async function* inspectPages(
  api: ElasticLoadBalancing,
  inspection: Inspection,
): AsyncGenerator<readonly LoadBalancer[]> {
  for await (const page of api.describeLoadBalancers(inspection.names)) {
    const tags =
      inspection.detail === 'all'
        ? await optional(api.describeTags(page.map(({ name }) => name)), inspection.emit)
        : undefined;
    yield await pMap(
      page,
      (loadBalancer) => detailed(api, loadBalancer, tags?.get(loadBalancer.name), inspection),
      { concurrency },
    );
  }
}

async function detailed(
  api: ElasticLoadBalancing,
  loadBalancer: LoadBalancer,
  tags: LoadBalancer['tags'],
  { detail, emit }: Inspection,
): Promise<LoadBalancer> {
  const { name } = loadBalancer;
  const all = detail === 'all';
  const needPolicies = all || loadBalancer.backendServers.length > 0;
  const [policies, instanceStates] = await Promise.all([
    needPolicies ? api.describeLoadBalancerPolicies(name) : undefined,
    all ? optional(api.describeInstanceHealth(name), emit) : undefined,
  ]);
  return { ...loadBalancer, policies, instanceStates, tags };
}

/** Health and tags only feed hazards: where they can't be read, that is said, and the hazard is "not known". */
async function optional<T>(reading: Promise<T>, emit: Emit): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    emit({ code: 'warning', message: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}
