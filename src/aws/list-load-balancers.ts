import type { LoadBalancer } from '../core/model.js';
import type { Calling } from './calling.js';
import type { Clients } from './client.js';
import { loadBalancerOf } from './mapping.js';
import { pageGuard } from './pages.js';
import { DescribeLoadBalancersCommand } from './sdk.js';

const action = 'DescribeLoadBalancers';

/** The API's own limit: load balancers a page. */
const pageSize = 400;

/** Pages of the load balancers of some names, or of all if none is given. */
export async function* listLoadBalancers(
  reader: Clients['reader'],
  { region, call, given, incomplete, missing }: Calling,
  asked: readonly string[] = [],
): AsyncGenerator<readonly LoadBalancer[]> {
  const names = [...new Set(asked)];
  const unseen = new Map(names.map((name) => [name.toLowerCase(), name]));
  const guard = pageGuard({
    action,
    region,
    asked: names.length,
    hint:
      names.length > 0
        ? 'is the endpoint the Classic ELB API? It may be a proxy or a clone that answers wrongly'
        : 'ask for the load balancers by name instead',
  });
  const filter = names.length > 0 ? { LoadBalancerNames: names } : { PageSize: pageSize };
  let marker: string | undefined;
  for (;;) {
    const input = { ...filter, ...(marker === undefined ? {} : { Marker: marker }) };
    const page = await call({ action, names }, () => reader.send(new DescribeLoadBalancersCommand(input)));
    const descriptions = given(page.LoadBalancerDescriptions, 'LoadBalancerDescriptions', { action, names });
    const found = descriptions.flatMap((one) => loadBalancerOf(one, region) ?? []);
    // A load balancer that came back without its name is not one that does not exist.
    if (names.length > 0 && found.length < descriptions.length)
      throw incomplete('LoadBalancerDescriptions[].LoadBalancerName', { action, names });
    for (const { name } of found) unseen.delete(name.toLowerCase());
    marker = page.NextMarker || undefined;
    // The last page of a call by name is held to what was asked before it is handed out.
    if (marker === undefined && unseen.size > 0) throw missing([...unseen.values()], { action });
    if (found.length > 0) yield found;
    if (marker === undefined) return;
    guard({ keys: found.map(({ name }) => name), marker, requestId: page.$metadata.requestId });
  }
}
