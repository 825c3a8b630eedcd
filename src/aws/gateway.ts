import {
  CreateLoadBalancerPolicyCommand,
  DeleteLoadBalancerPolicyCommand,
  DescribeInstanceHealthCommand,
  DescribeLoadBalancerPoliciesCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  SetLoadBalancerPoliciesForBackendServerCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import pMap from 'p-map';
import type { ElasticLoadBalancing, Written } from '../app/ports.js';
import type { LoadBalancer, Tag } from '../core/model.js';
import { ElbProxyError } from '../errors.js';
import type { Clients } from './client.js';
import { effectOf } from './effect-of.js';
import { type CallContext, faultOf, notFound } from './faults.js';
import { instanceStateOf, loadBalancerOf, policyOf, tagOf } from './mapping.js';
import type { RateLimit } from './rate-control.js';
import type { ConnectionSettings } from './settings.js';

/** The API's own limits: load balancers a page, names a DescribeTags call. */
const pageSize = 400;
const namesPerTagCall = 20;
/** DescribeTags calls at a time; the service's bucket for reads holds 40. */
const tagCallsAtOnce = 4;

/** The port over the SDK: one method, one API action, every failure an ElbProxyError. */
export function gatewayOf(
  clients: Clients,
  settings: ConnectionSettings,
  limit?: RateLimit,
): ElasticLoadBalancing {
  const { region, endpoint } = settings;

  async function call<Output>(
    context: Omit<CallContext, 'region' | 'endpoint'>,
    send: () => Promise<Output>,
  ): Promise<Output> {
    try {
      return await send();
    } catch (error) {
      throw faultOf(error, { ...context, region, endpoint });
    }
  }

  async function write(
    context: Omit<CallContext, 'region' | 'endpoint'>,
    send: (
      client: ReturnType<Clients['writer']>,
    ) => Promise<{ readonly $metadata: { readonly requestId?: string | undefined } }>,
  ): Promise<Written> {
    const { $metadata } = await call(context, () => send(clients.writer()));
    return { requestId: $metadata.requestId };
  }

  async function* describeLoadBalancers(
    asked: readonly string[] = [],
  ): AsyncGenerator<readonly LoadBalancer[]> {
    const action = 'DescribeLoadBalancers';
    const names = [...new Set(asked)];
    const missing = new Map(names.map((name) => [name.toLowerCase(), name]));
    const markers = new Set<string>();
    const filter = names.length > 0 ? { LoadBalancerNames: names } : { PageSize: pageSize };
    let marker: string | undefined;
    do {
      const input = { ...filter, ...(marker === undefined ? {} : { Marker: marker }) };
      const page = await call({ action, names }, () =>
        clients.reader.send(new DescribeLoadBalancersCommand(input)),
      );
      const found = (page.LoadBalancerDescriptions ?? []).flatMap((one) => loadBalancerOf(one, region) ?? []);
      for (const { name } of found) missing.delete(name.toLowerCase());
      marker = page.NextMarker || undefined;
      // The last page of a call by name is held to what was asked before it is handed out.
      if (marker === undefined && missing.size > 0)
        throw notFound([...missing.values()], { action, region, endpoint });
      if (found.length > 0) yield found;
      if (marker !== undefined && markers.has(marker)) {
        throw new ElbProxyError(
          `${action} in ${region} gave the same page marker twice, so its list never ends`,
          {
            code: 'repeated-marker',
            fault: 'service',
            hint: 'ask for the load balancers by name instead',
            requestId: page.$metadata.requestId,
          },
        );
      }
      if (marker !== undefined) markers.add(marker);
    } while (marker !== undefined);
  }

  async function tagsOf(names: readonly string[]): Promise<readonly (readonly [string, readonly Tag[]])[]> {
    const output = await call({ action: 'DescribeTags', names }, () =>
      clients.reader.send(new DescribeTagsCommand({ LoadBalancerNames: [...names] })),
    );
    return (output.TagDescriptions ?? []).flatMap(({ LoadBalancerName, Tags }) =>
      LoadBalancerName ? [[LoadBalancerName, (Tags ?? []).map(tagOf)] as const] : [],
    );
  }

  /** One load balancer that is gone fails the call for all twenty: then each is asked for on its own. */
  async function tagsOfThoseLeft(names: readonly string[]): ReturnType<typeof tagsOf> {
    try {
      return await tagsOf(names);
    } catch (error) {
      if (names.length === 1 || !isNotFound(error)) throw error;
      const each = await pMap(
        names,
        (name) => tagsOf([name]).catch((cause: unknown) => (isNotFound(cause) ? [] : rethrow(cause))),
        {
          concurrency: tagCallsAtOnce,
        },
      );
      return each.flat();
    }
  }

  return {
    region,
    endpoint: endpoint?.url,
    maxAttempts: settings.maxAttemptsChosen ? settings.maxAttempts : undefined,
    effectOf,
    heldBack: limit && ((reads) => ({ ms: limit.wouldHoldBack(reads), perSecond: limit.perSecond })),
    describeLoadBalancers,

    async describeLoadBalancerPolicies(name) {
      const output = await call({ action: 'DescribeLoadBalancerPolicies', names: [name] }, () =>
        clients.reader.send(new DescribeLoadBalancerPoliciesCommand({ LoadBalancerName: name })),
      );
      return (output.PolicyDescriptions ?? []).flatMap((found) => policyOf(found) ?? []);
    },

    async describeInstanceHealth(name) {
      const output = await call({ action: 'DescribeInstanceHealth', names: [name] }, () =>
        clients.reader.send(new DescribeInstanceHealthCommand({ LoadBalancerName: name })),
      );
      return (output.InstanceStates ?? []).flatMap((found) => instanceStateOf(found) ?? []);
    },

    async describeTags(names) {
      const unique = [...new Set(names)];
      const batches = Array.from({ length: Math.ceil(unique.length / namesPerTagCall) }, (_, index) =>
        unique.slice(index * namesPerTagCall, (index + 1) * namesPerTagCall),
      );
      return new Map((await pMap(batches, tagsOfThoseLeft, { concurrency: tagCallsAtOnce })).flat());
    },

    createLoadBalancerPolicy(name, policy) {
      const context = { action: 'CreateLoadBalancerPolicy', names: [name], policy: policy.name };
      return write(context, (client) =>
        client.send(
          new CreateLoadBalancerPolicyCommand({
            LoadBalancerName: name,
            PolicyName: policy.name,
            PolicyTypeName: policy.type,
            ...(policy.attributes.length === 0
              ? {}
              : {
                  PolicyAttributes: policy.attributes.map((attribute) => ({
                    AttributeName: attribute.name,
                    AttributeValue: attribute.value,
                  })),
                }),
          }),
        ),
      );
    },

    deleteLoadBalancerPolicy(name, policyName) {
      const context = { action: 'DeleteLoadBalancerPolicy', names: [name], policy: policyName };
      return write(context, (client) =>
        client.send(new DeleteLoadBalancerPolicyCommand({ LoadBalancerName: name, PolicyName: policyName })),
      );
    },

    setLoadBalancerPoliciesForBackendServer(name, instancePort, policyNames) {
      const context = { action: 'SetLoadBalancerPoliciesForBackendServer', names: [name], instancePort };
      return write(context, (client) =>
        client.send(
          new SetLoadBalancerPoliciesForBackendServerCommand({
            LoadBalancerName: name,
            InstancePort: instancePort,
            PolicyNames: [...policyNames],
          }),
        ),
      );
    },
  };
}

function isNotFound(error: unknown): boolean {
  return error instanceof ElbProxyError && error.code === 'LoadBalancerNotFound';
}

function rethrow(error: unknown): never {
  throw error;
}
