import pMap from 'p-map';
import type { ElasticLoadBalancing, MaySend, Written } from '../app/ports.js';
import type { LoadBalancer, Tag } from '../core/model.js';
import { ElbProxyError } from '../errors.js';
import type { Clients } from './client.js';
import { effectOf } from './effect-of.js';
import { faultOf, incompleteAnswer, notFound } from './faults.js';
import type { CallContext } from './hints.js';
import { instanceStateOf, loadBalancerOf, policyOf, tagOf } from './mapping.js';
import { pageGuard } from './pages.js';
import type { RateLimit } from './rate-control.js';
import {
  CreateLoadBalancerPolicyCommand,
  DeleteLoadBalancerPolicyCommand,
  DescribeInstanceHealthCommand,
  DescribeLoadBalancerPoliciesCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  SetLoadBalancerPoliciesForBackendServerCommand,
} from './sdk.js';
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

  /** A list that the answer has, be it empty; the SDK gives a missing element as undefined. */
  function given<T>(
    value: T | undefined,
    field: string,
    context: Omit<CallContext, 'region' | 'endpoint'>,
  ): T {
    if (value === undefined) throw incompleteAnswer([field], { ...context, region, endpoint });
    return value;
  }

  async function write(
    context: Omit<CallContext, 'region' | 'endpoint'>,
    command: WriteCommand,
    maySend: MaySend | undefined,
  ): Promise<Written> {
    clients.gate.guard(command.input, maySend);
    // The overloads of `send` know each command alone.
    const { $metadata } = await call(context, () =>
      clients.writer().send(command as CreateLoadBalancerPolicyCommand),
    );
    return { requestId: $metadata.requestId };
  }

  async function* describeLoadBalancers(
    asked: readonly string[] = [],
  ): AsyncGenerator<readonly LoadBalancer[]> {
    const action = 'DescribeLoadBalancers';
    const names = [...new Set(asked)];
    const missing = new Map(names.map((name) => [name.toLowerCase(), name]));
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
      const page = await call({ action, names }, () =>
        clients.reader.send(new DescribeLoadBalancersCommand(input)),
      );
      const descriptions = given(page.LoadBalancerDescriptions, 'LoadBalancerDescriptions', {
        action,
        names,
      });
      const found = descriptions.flatMap((one) => loadBalancerOf(one, region) ?? []);
      // A load balancer that came back without its name is not one that does not exist.
      if (names.length > 0 && found.length < descriptions.length)
        throw incompleteAnswer(['LoadBalancerDescriptions[].LoadBalancerName'], {
          action,
          region,
          endpoint,
          names,
        });
      for (const { name } of found) missing.delete(name.toLowerCase());
      marker = page.NextMarker || undefined;
      // The last page of a call by name is held to what was asked before it is handed out.
      if (marker === undefined && missing.size > 0)
        throw notFound([...missing.values()], { action, region, endpoint });
      if (found.length > 0) yield found;
      if (marker === undefined) return;
      guard({
        keys: found.map(({ name }) => name),
        marker,
        requestId: page.$metadata.requestId,
      });
    }
  }

  async function tagsOf(names: readonly string[]): Promise<readonly (readonly [string, readonly Tag[]])[]> {
    const output = await call({ action: 'DescribeTags', names }, () =>
      clients.reader.send(new DescribeTagsCommand({ LoadBalancerNames: [...names] })),
    );
    const descriptions = given(output.TagDescriptions, 'TagDescriptions', { action: 'DescribeTags', names });
    return descriptions.flatMap(({ LoadBalancerName, Tags }) =>
      LoadBalancerName && Tags ? [[LoadBalancerName, Tags.map(tagOf)] as const] : [],
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
      const context = { action: 'DescribeLoadBalancerPolicies', names: [name] };
      const output = await call(context, () =>
        clients.reader.send(new DescribeLoadBalancerPoliciesCommand({ LoadBalancerName: name })),
      );
      const descriptions = given(output.PolicyDescriptions, 'PolicyDescriptions', context);
      return descriptions.map((found) => given(policyOf(found), 'PolicyDescriptions[].PolicyName', context));
    },

    async describeInstanceHealth(name) {
      const context = { action: 'DescribeInstanceHealth', names: [name] };
      const output = await call(context, () =>
        clients.reader.send(new DescribeInstanceHealthCommand({ LoadBalancerName: name })),
      );
      return given(output.InstanceStates, 'InstanceStates', context).flatMap(
        (found) => instanceStateOf(found) ?? [],
      );
    },

    async describeTags(names) {
      const unique = [...new Set(names)];
      const batches = Array.from({ length: Math.ceil(unique.length / namesPerTagCall) }, (_, index) =>
        unique.slice(index * namesPerTagCall, (index + 1) * namesPerTagCall),
      );
      return new Map((await pMap(batches, tagsOfThoseLeft, { concurrency: tagCallsAtOnce })).flat());
    },

    readyToWrite: async () => {
      // What signs the first write is looked up now, and not behind the read that it rests on.
      await clients.writer().config.credentials();
    },

    createLoadBalancerPolicy(name, policy, maySend) {
      const context = { action: 'CreateLoadBalancerPolicy', names: [name], policy: policy.name };
      const command = new CreateLoadBalancerPolicyCommand({
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
      });
      return write(context, command, maySend);
    },

    deleteLoadBalancerPolicy(name, policyName, maySend) {
      const context = { action: 'DeleteLoadBalancerPolicy', names: [name], policy: policyName };
      const command = new DeleteLoadBalancerPolicyCommand({ LoadBalancerName: name, PolicyName: policyName });
      return write(context, command, maySend);
    },

    setLoadBalancerPoliciesForBackendServer(name, instancePort, policyNames, maySend) {
      const context = { action: 'SetLoadBalancerPoliciesForBackendServer', names: [name], instancePort };
      const command = new SetLoadBalancerPoliciesForBackendServerCommand({
        LoadBalancerName: name,
        InstancePort: instancePort,
        PolicyNames: [...policyNames],
      });
      return write(context, command, maySend);
    },
  };
}

type WriteCommand =
  | CreateLoadBalancerPolicyCommand
  | DeleteLoadBalancerPolicyCommand
  | SetLoadBalancerPoliciesForBackendServerCommand;

function isNotFound(error: unknown): boolean {
  return error instanceof ElbProxyError && error.code === 'LoadBalancerNotFound';
}

function rethrow(error: unknown): never {
  throw error;
}
