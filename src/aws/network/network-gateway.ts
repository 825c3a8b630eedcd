import type { ElasticLoadBalancingV2, TargetGroupFilter } from '../../app/ports.js';
import {
  type NetworkListener,
  type NetworkLoadBalancer,
  proxyProtocolV2Key,
  type TargetGroup,
} from '../../core/network-load-balancer.js';
import { effectOf } from '../effect-of.js';
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
import { listListeners, listNetworkLoadBalancers, listTargetGroups, namedPerCall } from './network-lists.js';
import { nameInArn, targetOf } from './network-mapping.js';
import { tagsByArn } from './network-tags.js';

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
    return given(output.TagDescriptions, 'TagDescriptions', subject);
  }

  return {
    region: settings.region,
    endpoint: settings.endpoint?.url,
    maxAttempts: settings.maxAttemptsChosen ? settings.maxAttempts : undefined,
    effectOf,
    heldBack: limit && ((calls) => ({ ms: limit.wouldHoldBack(calls), perSecond: limit.perSecond })),
    describeLoadBalancers: (names) => listNetworkLoadBalancers(reader, calling, names),
    describeTargetGroups: (filter) => listTargetGroups(reader, calling, filter),
    describeListeners: (loadBalancerArn) => listListeners(reader, calling, loadBalancerArn),
    describeTags: (arns) => tagsByArn(batchesOf([...new Set(arns)], namedPerCall), tagsOf),

    async describeTargetGroupAttributes(arn) {
      const subject = { action: 'DescribeTargetGroupAttributes', targetGroup: nameInArn(arn) };
      const output = await call(subject, () =>
        reader.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn })),
      );
      const attributes = given(output.Attributes, 'Attributes', subject);
      // A key without its value says nothing; not even that the default holds.
      const lacking = attributes.some(
        ({ Key, Value }) => Key === undefined || (Key === proxyProtocolV2Key && Value === undefined),
      );
      if (lacking) throw incomplete('Attributes[].Key or Value', subject);
      return Object.fromEntries(
        attributes.flatMap(({ Key, Value }) =>
          Key === undefined || Value === undefined ? [] : [[Key, Value]],
        ),
      );
    },

    async describeTargetHealth(arn) {
      const subject = { action: 'DescribeTargetHealth', targetGroup: nameInArn(arn) };
      const output = await call(subject, () =>
        reader.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn })),
      );
      const descriptions = given(output.TargetHealthDescriptions, 'TargetHealthDescriptions', subject);
      return descriptions.map((one) => given(targetOf(one), 'TargetHealthDescriptions[].Target.Id', subject));
    },

    readyToWrite: async () => {
      // What signs the first write is looked up now, and not behind the read that it is based on.
      await writer().config.credentials();
    },

    async modifyTargetGroupAttributes(arn, key, value, maySend) {
      const subject = { action: 'ModifyTargetGroupAttributes', targetGroup: nameInArn(arn) };
      const command = new ModifyTargetGroupAttributesCommand({
        TargetGroupArn: arn,
        Attributes: [{ Key: key, Value: value }],
      });
      gate.guard(command.input, maySend);
      const { $metadata } = await call(subject, () => writer().send(command));
      return { requestId: $metadata.requestId };
    },
  };
}
