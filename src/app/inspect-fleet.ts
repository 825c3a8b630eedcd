import type { LoadBalancer } from '../core/model.js';
import { type Inspection, inspect, inspectEach } from './inspect.js';
import type { ElasticLoadBalancing } from './ports.js';
import { sideBySide } from './side-by-side.js';

/** What reading several regions brings: load balancers one by one, and how it ended with each region. */
export type FleetItem =
  | { readonly kind: 'load-balancer'; readonly loadBalancer: LoadBalancer }
  /** All of the region is read. */
  | { readonly kind: 'finished'; readonly region: string }
  | { readonly kind: 'failed'; readonly region: string; readonly error: unknown };

/** Regions have buckets of their own, so several at once are faster; a region that is far ahead waits for its turn. */
const lanes = { atOnce: 6, ahead: 200 };

/**
 * Reads regions side by side and gives their load balancers in the order of the regions. A region that fails does not
 * hide the others: what was read of it until then is given, then its failure.
 */
export function inspectFleet(
  apis: readonly ElasticLoadBalancing[],
  inspection: Inspection,
): AsyncGenerator<FleetItem, undefined> {
  return sideBySide(
    apis.map((api) => inspectRegion(api, inspection)),
    lanes,
  );
}

async function* inspectRegion(
  api: ElasticLoadBalancing,
  inspection: Inspection,
): AsyncGenerator<FleetItem, undefined> {
  try {
    // Those that are named come in the order of their names, so all of them are read first.
    const found =
      inspection.names === undefined ? inspectEach(api, inspection) : await inspect(api, inspection);
    for await (const loadBalancer of found) yield { kind: 'load-balancer', loadBalancer };
    yield { kind: 'finished', region: api.region };
  } catch (error) {
    yield { kind: 'failed', region: api.region, error };
  }
}
