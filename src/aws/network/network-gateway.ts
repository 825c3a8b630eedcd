import type { ElasticLoadBalancingV2, TargetGroupFilter } from '../../app/ports.js';
import {
  type NetworkListener,
  type NetworkLoadBalancer,
  proxyProtocolV2Key,
  type TargetGroup,
} from '../../core/network-load-balancer.js';
import { effectOf } from '../effect-of.js';
import { faultOf, incompleteAnswer, notFound } from '../faults.js';
import type { CallContext } from '../hints.js';
import { pageGuard } from '../pages.js';
import type { RateLimit } from '../rate-control.js';
import {
  DescribeListenersCommand,
  DescribeNetworkLoadBalancersCommand,
  DescribeNetworkTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ModifyTargetGroupAttributesCommand,
} from '../sdk.js';
import type { ConnectionSettings } from '../settings.js';
import type { NetworkClients } from './network-client.js';
import {
  listenerOf,
  nameInArn,
  networkLoadBalancerOf,
  targetGroupOf,
  targetOf,
  typeOf,
} from './network-mapping.js';
import { tagsByArn } from './network-tags.js';
import { otherType } from './other-type.js';

/** The API's own limits: entries a page, and names or ARNs that one call may give. */
const pageSize = 400;
const namedPerCall = 20;

type Context = Omit<CallContext, 'api' | 'region' | 'endpoint'>;

/** The port over the SDK: one method, one API action, every failure an ElbProxyError. */
export function networkGatewayOf(
  { reader, writer, gate }: NetworkClients,
  settings: ConnectionSettings,
  limit?: RateLimit,
): ElasticLoadBalancingV2 {
  const { region, endpoint } = settings;
  const whole = (context: Context): CallContext => ({ ...context, api: 'network', region, endpoint });

  async function call<Output>(context: Context, send: () => Promise<Output>): Promise<Output> {
    try {
      return await send();
    } catch (error) {
      throw faultOf(error, whole(context));
    }
  }

  /** A list that the answer has, be it empty; the SDK gives a missing element as undefined. */
  function given<T>(value: T | undefined, field: string, context: Context): T {
    if (value === undefined) throw incompleteAnswer([field], whole(context));
    return value;
  }

  /** The pages of a list, each with what the service calls its entries. */
  async function* pagesOf<Output extends { readonly NextMarker?: string | undefined }, Entry>(
    context: Context,
    asked: number,
    send: (marker: { readonly Marker?: string }) => Promise<Output>,
    entries: (page: Output) => { readonly field: string; readonly list: readonly Entry[] | undefined },
    keyOf: (entry: Entry) => string | undefined,
  ): AsyncGenerator<readonly Entry[], undefined> {
    const { action } = context;
    const hint = 'is the endpoint the ELBv2 API? It may be a proxy or a clone that answers wrongly';
    const guard = pageGuard({ action, region, asked, hint });
    let marker: string | undefined;
    for (;;) {
      const page = await call(context, () => send(marker === undefined ? {} : { Marker: marker }));
      const { field, list } = entries(page);
      const found = given(list, field, context);
      yield found;
      marker = page.NextMarker || undefined;
      if (marker === undefined) return;
      guard({ keys: found.flatMap((entry) => keyOf(entry) ?? []), marker });
    }
  }

  function loadBalancerPages(names: readonly string[]) {
    const context = { action: 'DescribeLoadBalancers', names };
    return pagesOf(
      context,
      names.length,
      (marker) =>
        reader.send(
          new DescribeNetworkLoadBalancersCommand({
            ...(names.length > 0 ? { Names: [...names] } : { PageSize: pageSize }),
            ...marker,
          }),
        ),
      (page) => ({ field: 'LoadBalancers', list: page.LoadBalancers }),
      (one) => one.LoadBalancerArn,
    );
  }

  async function* allLoadBalancers(): AsyncGenerator<readonly NetworkLoadBalancer[]> {
    for await (const page of loadBalancerPages([])) {
      const found = page
        .filter((one) => typeOf(one) === 'network')
        .flatMap((one) => networkLoadBalancerOf(one, region) ?? []);
      if (found.length > 0) yield found;
    }
  }

  async function namedLoadBalancers(names: readonly string[]): Promise<readonly NetworkLoadBalancer[]> {
    const action = 'DescribeLoadBalancers';
    const missing = new Set(names);
    const found: NetworkLoadBalancer[] = [];
    for await (const page of loadBalancerPages(names)) {
      for (const one of page) {
        const type = given(typeOf(one), 'LoadBalancers[].Type', { action, names });
        const name = given(one.LoadBalancerName, 'LoadBalancers[].LoadBalancerName', { action, names });
        missing.delete(name);
        if (type !== 'network') throw otherType(name, type, region);
        const arn = 'LoadBalancers[].LoadBalancerArn';
        found.push(given(networkLoadBalancerOf(one, region), arn, { action, names }));
      }
    }
    if (missing.size > 0) throw notFound([...missing], whole({ action, names }));
    return found;
  }

  async function* targetGroupPages(
    context: Context,
    filter:
      | { readonly LoadBalancerArn: string }
      | { readonly TargetGroupArns: string[] }
      | { readonly Names: string[] }
      | undefined,
    asked: number,
  ): AsyncGenerator<readonly TargetGroup[], undefined> {
    const pages = pagesOf(
      context,
      asked,
      (marker) =>
        // The service takes a page size beside a load balancer, and none beside names.
        reader.send(
          new DescribeTargetGroupsCommand({
            ...filter,
            ...(asked > 0 ? {} : { PageSize: pageSize }),
            ...marker,
          }),
        ),
      (page) => ({ field: 'TargetGroups', list: page.TargetGroups }),
      (one) => one.TargetGroupArn,
    );
    for await (const page of pages) {
      const found = page.flatMap((one) => targetGroupOf(one) ?? []);
      // A group that came back without its name or ARN is not one that does not exist.
      if (filter !== undefined && found.length < page.length)
        throw incompleteAnswer(['TargetGroups[].TargetGroupArn or TargetGroupName'], whole(context));
      yield found;
    }
  }

  async function tagsOf(arns: readonly string[]) {
    const context = { action: 'DescribeTags', names: arns.map(nameInArn) };
    const output = await call(context, () =>
      reader.send(new DescribeNetworkTagsCommand({ ResourceArns: [...arns] })),
    );
    return given(output.TagDescriptions, 'TagDescriptions', context);
  }

  return {
    region,
    endpoint: endpoint?.url,
    maxAttempts: settings.maxAttemptsChosen ? settings.maxAttempts : undefined,
    effectOf,
    heldBack: limit && ((calls) => ({ ms: limit.wouldHoldBack(calls), perSecond: limit.perSecond })),

    async *describeLoadBalancers(asked = []) {
      const names = [...new Set(asked)];
      if (names.length === 0) yield* allLoadBalancers();
      for (const batch of batchesOf(names)) yield await namedLoadBalancers(batch);
    },

    async *describeTargetGroups(filter?: TargetGroupFilter) {
      const action = 'DescribeTargetGroups';
      if (filter === undefined) yield* targetGroupPages({ action }, undefined, 0);
      else if ('loadBalancerArn' in filter) {
        const context = { action, names: [nameInArn(filter.loadBalancerArn)] };
        yield* targetGroupPages(context, { LoadBalancerArn: filter.loadBalancerArn }, 0);
      } else {
        const named = 'arns' in filter ? filter.arns : filter.names;
        for (const batch of batchesOf([...new Set(named)])) {
          const context = { action, targetGroup: batch.map(nameInArn).join(', ') };
          const input = 'arns' in filter ? { TargetGroupArns: [...batch] } : { Names: [...batch] };
          yield* targetGroupPages(context, input, batch.length);
        }
      }
    },

    async describeTargetGroupAttributes(arn) {
      const context = { action: 'DescribeTargetGroupAttributes', targetGroup: nameInArn(arn) };
      const output = await call(context, () =>
        reader.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn })),
      );
      const attributes = given(output.Attributes, 'Attributes', context);
      // A key without its value says nothing; not even that the default holds.
      if (
        attributes.some(
          ({ Key, Value }) => Key === undefined || (Key === proxyProtocolV2Key && Value === undefined),
        )
      )
        throw incompleteAnswer(['Attributes[].Key or Value'], whole(context));
      return Object.fromEntries(
        attributes.flatMap(({ Key, Value }) =>
          Key === undefined || Value === undefined ? [] : [[Key, Value]],
        ),
      );
    },

    async describeListeners(loadBalancerArn) {
      const context = { action: 'DescribeListeners', names: [nameInArn(loadBalancerArn)] };
      const pages = pagesOf(
        context,
        0,
        (marker) =>
          reader.send(
            new DescribeListenersCommand({ LoadBalancerArn: loadBalancerArn, PageSize: pageSize, ...marker }),
          ),
        (page) => ({ field: 'Listeners', list: page.Listeners }),
        (one) => one.ListenerArn,
      );
      const listeners: NetworkListener[] = [];
      for await (const page of pages) {
        for (const one of page) {
          const listener = listenerOf(one);
          if (typeof listener === 'string')
            throw incompleteAnswer([`Listeners[].${listener}`], whole(context));
          listeners.push(listener);
        }
      }
      return listeners.toSorted((a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : 1));
    },

    async describeTargetHealth(arn) {
      const context = { action: 'DescribeTargetHealth', targetGroup: nameInArn(arn) };
      const output = await call(context, () =>
        reader.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn })),
      );
      const descriptions = given(output.TargetHealthDescriptions, 'TargetHealthDescriptions', context);
      return descriptions.map((one) => given(targetOf(one), 'TargetHealthDescriptions[].Target.Id', context));
    },

    async describeTags(arns) {
      return tagsByArn(batchesOf([...new Set(arns)]), tagsOf);
    },

    readyToWrite: async () => {
      // What signs the first write is looked up now, and not behind the read that it rests on.
      await writer().config.credentials();
    },

    async modifyTargetGroupAttributes(arn, key, value, maySend) {
      const context = { action: 'ModifyTargetGroupAttributes', targetGroup: nameInArn(arn) };
      const command = new ModifyTargetGroupAttributesCommand({
        TargetGroupArn: arn,
        Attributes: [{ Key: key, Value: value }],
      });
      gate.guard(command.input, maySend);
      const { $metadata } = await call(context, () => writer().send(command));
      return { requestId: $metadata.requestId };
    },
  };
}

function batchesOf(all: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(all.length / namedPerCall) }, (_, index) =>
    all.slice(index * namedPerCall, (index + 1) * namedPerCall),
  );
}
