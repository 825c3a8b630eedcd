import type { DescribeTargetGroupsInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetGroupFilter } from '../../app/ports.js';
import type { NetworkListener, NetworkLoadBalancer, TargetGroup } from '../../core/network-load-balancer.js';
import { batchesOf, type Calling, type Subject } from '../calling.js';
import { namedPerCall } from '../describe-tags.js';
import { pageGuard } from '../pages.js';
import {
  DescribeListenersCommand,
  DescribeNetworkLoadBalancersCommand,
  DescribeTargetGroupsCommand,
} from '../sdk.js';
import type { NetworkClients } from './network-client.js';
import { listenerOf, nameInArn, networkLoadBalancerOf, targetGroupOf, typeOf } from './network-mapping.js';
import { otherType } from './other-type.js';

/** The API's own limit: entries a page. */
const pageSize = 400;

type Reader = NetworkClients['reader'];

/** A list that comes in pages. */
interface List<Output, Entry> {
  readonly subject: Subject;
  /** How many entries are asked for by name; 0 for all. */
  readonly asked: number;
  readonly send: (marker: { readonly Marker?: string }) => Promise<Output>;
  /** The entries of a page, and what the service calls them. */
  readonly entries: (page: Output) => { readonly field: string; readonly list: readonly Entry[] | undefined };
  readonly keyOf: (entry: Entry) => string | undefined;
}

async function* pagesOf<Output extends { readonly NextMarker?: string | undefined }, Entry>(
  { region, call, given }: Calling,
  { subject, asked, send, entries, keyOf }: List<Output, Entry>,
): AsyncGenerator<readonly Entry[], undefined> {
  const hint = 'is the endpoint the ELBv2 API? It may be a proxy or a clone that answers wrongly';
  const guard = pageGuard({ action: subject.action, region, asked, hint });
  let marker: string | undefined;
  for (;;) {
    const page = await call(subject, () => send(marker === undefined ? {} : { Marker: marker }));
    const { field, list } = entries(page);
    const found = given(list, field, subject);
    yield found;
    marker = page.NextMarker || undefined;
    if (marker === undefined) return;
    guard({ keys: found.flatMap((entry) => keyOf(entry) ?? []), marker });
  }
}

/** Pages of the Network Load Balancers of some names, or of all if none is given. */
export async function* listNetworkLoadBalancers(
  reader: Reader,
  calling: Calling,
  asked: readonly string[] = [],
): AsyncGenerator<readonly NetworkLoadBalancer[]> {
  const names = [...new Set(asked)];
  if (names.length === 0) yield* allLoadBalancers(reader, calling);
  for (const batch of batchesOf(names, namedPerCall)) yield await namedLoadBalancers(reader, calling, batch);
}

function loadBalancerPages(reader: Reader, calling: Calling, names: readonly string[]) {
  const filter = names.length > 0 ? { Names: [...names] } : { PageSize: pageSize };
  return pagesOf(calling, {
    subject: { action: 'DescribeLoadBalancers', names },
    asked: names.length,
    send: (marker) => reader.send(new DescribeNetworkLoadBalancersCommand({ ...filter, ...marker })),
    entries: (page) => ({ field: 'LoadBalancers', list: page.LoadBalancers }),
    keyOf: (one) => one.LoadBalancerArn,
  });
}

async function* allLoadBalancers(
  reader: Reader,
  calling: Calling,
): AsyncGenerator<readonly NetworkLoadBalancer[]> {
  for await (const page of loadBalancerPages(reader, calling, [])) {
    const found = page
      .filter((one) => typeOf(one) === 'network')
      .flatMap((one) => networkLoadBalancerOf(one, calling.region) ?? []);
    if (found.length > 0) yield found;
  }
}

async function namedLoadBalancers(
  reader: Reader,
  calling: Calling,
  names: readonly string[],
): Promise<readonly NetworkLoadBalancer[]> {
  const { region } = calling;
  const subject = { action: 'DescribeLoadBalancers', names };
  const given = <T>(value: T | undefined, field: string) =>
    calling.given(value, `LoadBalancers[].${field}`, subject);
  const unseen = new Set(names);
  const found: NetworkLoadBalancer[] = [];
  for await (const page of loadBalancerPages(reader, calling, names)) {
    for (const one of page) {
      const type = given(typeOf(one), 'Type');
      const name = given(one.LoadBalancerName, 'LoadBalancerName');
      unseen.delete(name);
      if (type !== 'network') throw otherType(name, type, region);
      found.push(given(networkLoadBalancerOf(one, region), 'LoadBalancerArn'));
    }
  }
  if (unseen.size > 0) throw calling.missing([...unseen], subject);
  return found;
}

/** Pages of target groups: all of the region, those of a load balancer, or some by name or ARN. */
export async function* listTargetGroups(
  reader: Reader,
  calling: Calling,
  filter: TargetGroupFilter | undefined,
): AsyncGenerator<readonly TargetGroup[]> {
  const action = 'DescribeTargetGroups';
  if (filter === undefined) yield* targetGroupPages(reader, calling, { action }, { PageSize: pageSize });
  else if ('loadBalancerArn' in filter) {
    const LoadBalancerArn = filter.loadBalancerArn;
    const subject = { action, names: [nameInArn(LoadBalancerArn)] };
    yield* targetGroupPages(reader, calling, subject, { LoadBalancerArn, PageSize: pageSize });
  } else {
    const named = 'arns' in filter ? filter.arns : filter.names;
    for (const batch of batchesOf([...new Set(named)], namedPerCall)) {
      const subject = { action, targetGroup: batch.map(nameInArn).join(', ') };
      // The service takes no page size beside names.
      const input = 'arns' in filter ? { TargetGroupArns: [...batch] } : { Names: [...batch] };
      yield* targetGroupPages(reader, calling, subject, input);
    }
  }
}

async function* targetGroupPages(
  reader: Reader,
  calling: Calling,
  subject: Subject,
  input: DescribeTargetGroupsInput,
): AsyncGenerator<readonly TargetGroup[], undefined> {
  const { LoadBalancerArn, TargetGroupArns, Names } = input;
  const named = TargetGroupArns ?? Names ?? [];
  const pages = pagesOf(calling, {
    subject,
    asked: named.length,
    send: (marker) => reader.send(new DescribeTargetGroupsCommand({ ...input, ...marker })),
    entries: (page) => ({ field: 'TargetGroups', list: page.TargetGroups }),
    keyOf: (one) => one.TargetGroupArn,
  });
  for await (const page of pages) {
    const found = page.flatMap((one) => targetGroupOf(one) ?? []);
    // A group that came back without its name or ARN is not one that does not exist.
    if ((named.length > 0 || LoadBalancerArn !== undefined) && found.length < page.length)
      throw calling.incomplete('TargetGroups[].TargetGroupArn or TargetGroupName', subject);
    yield found;
  }
}

/** The listeners of a load balancer, by port. */
export async function listListeners(
  reader: Reader,
  calling: Calling,
  loadBalancerArn: string,
): Promise<readonly NetworkListener[]> {
  const subject = { action: 'DescribeListeners', names: [nameInArn(loadBalancerArn)] };
  const input = { LoadBalancerArn: loadBalancerArn, PageSize: pageSize };
  const pages = pagesOf(calling, {
    subject,
    asked: 0,
    send: (marker) => reader.send(new DescribeListenersCommand({ ...input, ...marker })),
    entries: (page) => ({ field: 'Listeners', list: page.Listeners }),
    keyOf: (one) => one.ListenerArn,
  });
  const listeners: NetworkListener[] = [];
  for await (const page of pages) {
    for (const one of page) {
      const listener = listenerOf(one);
      if (typeof listener === 'string') throw calling.incomplete(`Listeners[].${listener}`, subject);
      listeners.push(listener);
    }
  }
  return listeners.toSorted((a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : 1));
}
