import type { LoadBalancerKind } from '../core/kinds.js';
import type { LoadBalancer } from '../core/model.js';
import type { NetworkLoadBalancer } from '../core/network-load-balancer.js';
import type { ElbProxyError } from '../errors.js';
import { type Inspection, inspectEach, inspectNamed } from './inspect.js';
import { inspectNetworkEach, inspectNetworkNamed } from './inspect-network.js';
import { type Named, ofName } from './inspection.js';
import type { ElasticLoadBalancing, ElasticLoadBalancingV2 } from './ports.js';
import { sideBySide } from './side-by-side.js';
import { noSuchLoadBalancer } from './wrong-name.js';

/** A region and its APIs; the newer one is opened at its first use, which may fail. */
export interface FleetRegion {
  readonly region: string;
  readonly classic?: ElasticLoadBalancing | undefined;
  readonly network?: (() => Promise<ElasticLoadBalancingV2>) | undefined;
}

/** The results of reading several regions: load balancers one by one, and the outcome for each kind in each region. */
export type FleetItem =
  | { readonly kind: 'classic'; readonly loadBalancer: LoadBalancer }
  | { readonly kind: 'network'; readonly loadBalancer: NetworkLoadBalancer }
  /** All of the region is read. */
  | { readonly kind: 'finished'; readonly region: string; readonly of: LoadBalancerKind }
  | {
      readonly kind: 'failed';
      readonly region: string;
      readonly of: LoadBalancerKind;
      readonly error: unknown;
    };

/** Each region has its own rate limit, and so do the two APIs, so several at once are faster; a read far ahead waits. */
const lanes = { atOnce: 12, ahead: 200 };

/**
 * Reads regions in parallel and returns their load balancers in the order of the regions, Classic ones first; by name in
 * the order of the names. A failing region does not hide the others: its results so far come first, then its failure.
 */
export function inspectFleet(
  regions: readonly FleetRegion[],
  inspection: Inspection,
): AsyncGenerator<FleetItem, undefined> {
  const { names } = inspection;
  const sources = regions.flatMap((region): readonly AsyncGenerator<FleetItem, undefined>[] => {
    if (names !== undefined) return [inspectByName(region, { ...inspection, names })];
    const { classic, network } = region;
    return [
      ...(classic === undefined
        ? []
        : [inspectKind(region, 'classic', () => classicItems(classic, inspection))]),
      ...(network === undefined
        ? []
        : [inspectKind(region, 'network', () => networkItems(network, inspection))]),
    ];
  });
  return sideBySide(sources, lanes);
}

async function* inspectKind(
  { region }: FleetRegion,
  of: LoadBalancerKind,
  items: () => AsyncGenerator<FleetItem, undefined>,
): AsyncGenerator<FleetItem, undefined> {
  try {
    yield* items();
    yield { kind: 'finished', region, of };
  } catch (error) {
    yield { kind: 'failed', region, of, error };
  }
}

async function* classicItems(
  api: ElasticLoadBalancing,
  inspection: Inspection,
): AsyncGenerator<FleetItem, undefined> {
  for await (const loadBalancer of inspectEach(api, inspection)) yield { kind: 'classic', loadBalancer };
}

async function* networkItems(
  open: () => Promise<ElasticLoadBalancingV2>,
  inspection: Inspection,
): AsyncGenerator<FleetItem, undefined> {
  for await (const loadBalancer of inspectNetworkEach(await open(), networkInspection(inspection)))
    yield { kind: 'network', loadBalancer };
}

/** Named load balancers come in the order of the names, so all are read first; both kinds at once. */
async function* inspectByName(
  { region, classic, network }: FleetRegion,
  inspection: Inspection & { readonly names: readonly string[] },
): AsyncGenerator<FleetItem, undefined> {
  const { names, tags = [] } = inspection;
  const [ofClassic, ofNetwork] = await Promise.all([
    classic && settled(inspectNamed(classic, inspection)),
    network &&
      settled(network().then((api) => inspectNetworkNamed(api, { ...networkInspection(inspection), names }))),
  ]);
  const unread = [ofClassic, ofNetwork].filter((one) => one !== undefined && 'error' in one);
  const unfound = [...new Set(names)].filter(
    (name) => find(ofClassic, name) === undefined && find(ofNetwork, name) === undefined,
  );
  // A tag filter hides existing load balancers, so a missing name proves nothing.
  const missing = unfound.filter((name) => tags.length === 0 || failureOf(ofClassic, name) !== undefined);
  const [first] = unread.length > 0 && ofClassic !== undefined && 'error' in ofClassic ? [] : missing;
  if (first !== undefined) {
    yield {
      kind: 'failed',
      region,
      of: classic === undefined ? 'network' : 'classic',
      error: notFound(first, region, { ofClassic, ofNetwork }),
    };
    return;
  }
  const shown = new Set<object>();
  for (const name of new Set(names)) {
    const foundClassic = find(ofClassic, name);
    const foundNetwork = find(ofNetwork, name);
    // A name given twice, in different letter case, counts once.
    if (foundClassic !== undefined && !shown.has(foundClassic))
      yield { kind: 'classic', loadBalancer: foundClassic };
    if (foundNetwork !== undefined && !shown.has(foundNetwork))
      yield { kind: 'network', loadBalancer: foundNetwork };
    for (const one of [foundClassic, foundNetwork]) if (one !== undefined) shown.add(one);
  }
  for (const [of, outcome] of [
    ['classic', ofClassic],
    ['network', ofNetwork],
  ] as const) {
    if (outcome === undefined) continue;
    yield 'error' in outcome
      ? { kind: 'failed', region, of, error: outcome.error }
      : { kind: 'finished', region, of };
  }
}

type Outcome<Found> = Named<Found> | { readonly error: unknown } | undefined;

function settled<Found>(reading: Promise<Named<Found>>): Promise<Named<Found> | { readonly error: unknown }> {
  return reading.catch((error: unknown) => ({ error }));
}

function find<Found extends { readonly name: string }>(
  outcome: Outcome<Found>,
  name: string,
): Found | undefined {
  return outcome === undefined || 'error' in outcome ? undefined : ofName(outcome.found, name);
}

function failureOf(outcome: Outcome<object>, name: string): ElbProxyError | undefined {
  return outcome === undefined || 'error' in outcome ? undefined : outcome.failures.get(name);
}

/** Why a name is not found: in the service's own words if one kind was requested, and which kind could not be read. */
function notFound(
  name: string,
  region: string,
  { ofClassic, ofNetwork }: { readonly ofClassic: Outcome<object>; readonly ofNetwork: Outcome<object> },
): unknown {
  const inClassic = failureOf(ofClassic, name);
  const inNetwork = failureOf(ofNetwork, name);
  if (ofNetwork === undefined) return inClassic;
  if ('error' in ofNetwork)
    return ofClassic === undefined
      ? ofNetwork.error
      : noSuchLoadBalancer({ name, region }, { requestId: inClassic?.requestId, unasked: ofNetwork.error });
  // "It has another type" is more useful than "neither kind has it".
  if (ofClassic === undefined || inNetwork?.code === 'not-a-network-load-balancer') return inNetwork;
  return noSuchLoadBalancer(
    { name, region },
    { kinds: 'Classic or Network', requestId: inClassic?.requestId },
  );
}

function networkInspection({ detail, tags, emit, looked }: Inspection) {
  return { detail: detail === 'all' ? ('all' as const) : ('groups' as const), tags, emit, looked };
}
