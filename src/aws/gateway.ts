import type { ElasticLoadBalancing, MaySend, Written } from '../app/ports.js';
import { callingOf, type Subject } from './calling.js';
import type { Clients } from './client.js';
import { tagsOf } from './describe-tags.js';
import { effectOf } from './effect-of.js';
import { listLoadBalancers } from './list-load-balancers.js';
import { instanceStateOf, policyOf, tagOf } from './mapping.js';
import type { RateLimit } from './rate-control.js';
import {
  CreateLoadBalancerPolicyCommand,
  DeleteLoadBalancerPolicyCommand,
  DescribeInstanceHealthCommand,
  DescribeLoadBalancerPoliciesCommand,
  DescribeTagsCommand,
  SetLoadBalancerPoliciesForBackendServerCommand,
} from './sdk.js';
import type { ConnectionSettings } from './settings.js';

/** The port over the SDK: one method, one API action, every failure an ElbProxyError. */
export function gatewayOf(
  { reader, writer, gate }: Clients,
  settings: ConnectionSettings,
  limit?: RateLimit,
): ElasticLoadBalancing {
  const calling = callingOf(settings, 'classic');
  const { call, given } = calling;

  async function write(
    subject: Subject,
    command: WriteCommand,
    maySend: MaySend | undefined,
  ): Promise<Written> {
    gate.guard(command.input, maySend);
    // The overloads of `send` know each command alone.
    const { $metadata } = await call(subject, () =>
      writer().send(command as CreateLoadBalancerPolicyCommand),
    );
    return { requestId: $metadata.requestId };
  }

  return {
    region: settings.region,
    endpoint: settings.endpoint?.url,
    maxAttempts: settings.maxAttemptsChosen ? settings.maxAttempts : undefined,
    effectOf,
    heldBack: limit && ((reads) => ({ ms: limit.wouldHoldBack(reads), perSecond: limit.perSecond })),
    describeLoadBalancers: (names) => listLoadBalancers(reader, calling, names),
    describeTags: (asked) =>
      tagsOf(asked, async (names) => {
        const subject = { action: 'DescribeTags', names };
        const output = await call(subject, () =>
          reader.send(new DescribeTagsCommand({ LoadBalancerNames: [...names] })),
        );
        const descriptions = given(output.TagDescriptions, 'TagDescriptions', subject);
        return descriptions.flatMap(({ LoadBalancerName, Tags }) =>
          LoadBalancerName && Tags ? [[LoadBalancerName, Tags.map(tagOf)] as const] : [],
        );
      }),

    async describeLoadBalancerPolicies(name) {
      const subject = { action: 'DescribeLoadBalancerPolicies', names: [name] };
      const output = await call(subject, () =>
        reader.send(new DescribeLoadBalancerPoliciesCommand({ LoadBalancerName: name })),
      );
      const descriptions = given(output.PolicyDescriptions, 'PolicyDescriptions', subject);
      return descriptions.map((found) => given(policyOf(found), 'PolicyDescriptions[].PolicyName', subject));
    },

    async describeInstanceHealth(name) {
      const subject = { action: 'DescribeInstanceHealth', names: [name] };
      const output = await call(subject, () =>
        reader.send(new DescribeInstanceHealthCommand({ LoadBalancerName: name })),
      );
      const states = given(output.InstanceStates, 'InstanceStates', subject);
      return states.flatMap((found) => instanceStateOf(found) ?? []);
    },

    readyToWrite: async () => {
      // The keys for the first write are looked up now, and not behind the read that it is based on.
      await writer().config.credentials();
    },

    createLoadBalancerPolicy(name, policy, maySend) {
      const subject = { action: 'CreateLoadBalancerPolicy', names: [name], policy: policy.name };
      const attributes = policy.attributes.map((one) => ({
        AttributeName: one.name,
        AttributeValue: one.value,
      }));
      const command = new CreateLoadBalancerPolicyCommand({
        LoadBalancerName: name,
        PolicyName: policy.name,
        PolicyTypeName: policy.type,
        ...(attributes.length === 0 ? {} : { PolicyAttributes: attributes }),
      });
      return write(subject, command, maySend);
    },

    deleteLoadBalancerPolicy(name, policyName, maySend) {
      const subject = { action: 'DeleteLoadBalancerPolicy', names: [name], policy: policyName };
      const command = new DeleteLoadBalancerPolicyCommand({ LoadBalancerName: name, PolicyName: policyName });
      return write(subject, command, maySend);
    },

    setLoadBalancerPoliciesForBackendServer(name, instancePort, policyNames, maySend) {
      const subject = { action: 'SetLoadBalancerPoliciesForBackendServer', names: [name], instancePort };
      const command = new SetLoadBalancerPoliciesForBackendServerCommand({
        LoadBalancerName: name,
        InstancePort: instancePort,
        PolicyNames: [...policyNames],
      });
      return write(subject, command, maySend);
    },
  };
}

type WriteCommand =
  | CreateLoadBalancerPolicyCommand
  | DeleteLoadBalancerPolicyCommand
  | SetLoadBalancerPoliciesForBackendServerCommand;
