import type { ElasticLoadBalancingV2 } from '../../app/ports.js';
import { proxyProtocolV2Key } from '../../core/network-load-balancer.js';
import { callingOf } from '../calling.js';
import { tagsOf } from '../describe-tags.js';
import { effectOf } from '../effect-of.js';
import { tagOf } from '../mapping.js';
import type { RateLimit } from '../rate-control.js';
import {
  DescribeNetworkTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetHealthCommand,
  ModifyTargetGroupAttributesCommand,
} from '../sdk.js';
import type { ConnectionSettings } from '../settings.js';
import type { NetworkClients } from './network-client.js';
import { listListeners, listNetworkLoadBalancers, listTargetGroups } from './network-lists.js';
import { nameInArn, targetOf } from './network-mapping.js';

/** The port over the SDK: one method, one API action, every failure an ElbProxyError. */
export function networkGatewayOf(
  { reader, writer, gate }: NetworkClients,
  settings: ConnectionSettings,
  limit?: RateLimit,
): ElasticLoadBalancingV2 {
  const calling = callingOf(settings, 'network');
  const { call, given, incomplete } = calling;

  return {
    region: settings.region,
    endpoint: settings.endpoint?.url,
    maxAttempts: settings.maxAttemptsChosen ? settings.maxAttempts : undefined,
    effectOf,
    heldBack: limit && ((calls) => ({ ms: limit.wouldHoldBack(calls), perSecond: limit.perSecond })),
    describeLoadBalancers: (names) => listNetworkLoadBalancers(reader, calling, names),
    describeTargetGroups: (filter) => listTargetGroups(reader, calling, filter),
    describeListeners: (loadBalancerArn) => listListeners(reader, calling, loadBalancerArn),
    describeTags: (asked) =>
      tagsOf(asked, async (arns) => {
        const subject = { action: 'DescribeTags', names: arns.map(nameInArn) };
        const output = await call(subject, () =>
          reader.send(new DescribeNetworkTagsCommand({ ResourceArns: [...arns] })),
        );
        const descriptions = given(output.TagDescriptions, 'TagDescriptions', subject);
        return descriptions.flatMap(({ ResourceArn, Tags }) =>
          ResourceArn && Tags ? [[ResourceArn, Tags.map(tagOf)] as const] : [],
        );
      }),

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
      // The keys for the first write are looked up now, and not behind the read that it is based on.
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
