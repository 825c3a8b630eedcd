import { hostedZoneId } from '../hosted-zone.js';
import type { State } from '../shapes.js';
import { members, type XmlElements } from '../xml.js';
import { defaultRuleArn } from './arn.js';
import { loadBalancersOfGroup } from './found.js';
import type { ListenerV2, LoadBalancerV2, TargetGroupV2, TargetHealthCheck, TargetV2 } from './shapes.js';

/** A load balancer as the API reports it. It is active as soon as it is there. */
export const describeLoadBalancerV2 = (one: LoadBalancerV2): XmlElements => ({
  LoadBalancerArn: one.arn,
  DNSName: one.type === 'gateway' ? undefined : one.dnsName,
  // Those of Network Load Balancers are others than those of all the rest.
  CanonicalHostedZoneId: hostedZoneId(one.type === 'network' ? `network ${one.region}` : one.region),
  CreatedTime: one.createdTime,
  LoadBalancerName: one.name,
  Scheme: one.type === 'gateway' ? undefined : one.scheme,
  VpcId: one.vpcId,
  State: { Code: 'active' },
  Type: one.type,
  AvailabilityZones: members(
    one.zones.map(({ zoneName, subnetId }) => ({
      ZoneName: zoneName,
      SubnetId: subnetId,
      LoadBalancerAddresses: members([]),
    })),
  ),
  // A Network Load Balancer that was made without a group has no such element.
  SecurityGroups: one.securityGroups.length > 0 ? members(one.securityGroups) : undefined,
  IpAddressType: one.ipAddressType,
});

const describeHealthCheck = (check: TargetHealthCheck): XmlElements => ({
  HealthCheckProtocol: check.protocol,
  HealthCheckPort: check.port,
  HealthCheckEnabled: check.enabled,
  HealthCheckIntervalSeconds: check.interval,
  HealthCheckTimeoutSeconds: check.timeout,
  HealthyThresholdCount: check.healthyThreshold,
  UnhealthyThresholdCount: check.unhealthyThreshold,
  HealthCheckPath: check.path,
  Matcher: check.matcher === undefined ? undefined : { HttpCode: check.matcher },
});

/** A target group as the API reports it. */
export const describeTargetGroup = (state: Pick<State, 'elbv2'>, one: TargetGroupV2): XmlElements => ({
  TargetGroupArn: one.arn,
  TargetGroupName: one.name,
  Protocol: one.protocol,
  Port: one.port,
  VpcId: one.vpcId,
  ...describeHealthCheck(one.healthCheck),
  LoadBalancerArns: members(loadBalancersOfGroup(state, one.arn)),
  TargetType: one.targetType,
  ProtocolVersion: one.protocolVersion,
  IpAddressType: one.targetType === 'lambda' ? undefined : one.ipAddressType,
});

const describeActions = ({ targetGroups }: ListenerV2): XmlElements => ({
  Type: 'forward',
  // Only if there is one group.
  TargetGroupArn: targetGroups.length === 1 ? targetGroups[0]?.arn : undefined,
  ForwardConfig: {
    TargetGroups: members(targetGroups.map(({ arn, weight }) => ({ TargetGroupArn: arn, Weight: weight }))),
    TargetGroupStickinessConfig: { Enabled: false },
  },
});

/** A listener as the API reports it. */
export const describeListener = (one: ListenerV2): XmlElements => ({
  ListenerArn: one.arn,
  LoadBalancerArn: one.loadBalancerArn,
  Port: one.port,
  Protocol: one.protocol,
  Certificates:
    one.certificateArn === undefined ? undefined : members([{ CertificateArn: one.certificateArn }]),
  SslPolicy: one.sslPolicy,
  DefaultActions: members([describeActions(one)]),
  AlpnPolicy: one.alpnPolicy === undefined ? undefined : members([one.alpnPolicy]),
});

/** A listener's default rule as the API reports it. */
export const describeRule = (one: ListenerV2): XmlElements => ({
  RuleArn: defaultRuleArn(one.arn),
  Priority: 'default',
  Conditions: members([]),
  Actions: members([describeActions(one)]),
  IsDefault: true,
});

/** A target as the API reports it. */
export const describeTarget = (one: TargetV2): XmlElements => ({
  Id: one.id,
  Port: one.port,
  AvailabilityZone: one.availabilityZone,
});
