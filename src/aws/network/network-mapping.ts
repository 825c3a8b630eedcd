import type * as Sdk from '@aws-sdk/client-elastic-load-balancing-v2';
import type { MissingField } from '../../core/model.js';
import type {
  NetworkListener,
  NetworkLoadBalancer,
  Target,
  TargetGroup,
  TargetGroupHealthCheck,
} from '../../core/network-load-balancer.js';
import { isoTime, text } from '../mapping.js';

/** The type of a load balancer: as it says, else by its ARN; undefined if neither does. */
export function typeOf({ Type, LoadBalancerArn }: Sdk.LoadBalancer): string | undefined {
  const path = text(LoadBalancerArn)?.split(':')[5]?.split('/')[1];
  return text(Type)?.toLowerCase() ?? (path === undefined ? undefined : typesByPath[path]);
}

const typesByPath: Readonly<Record<string, string>> = { net: 'network', app: 'application', gwy: 'gateway' };

/** A load balancer of type network; undefined for an entry without a name or an ARN, which nothing can be done about. */
export function networkLoadBalancerOf(
  found: Sdk.LoadBalancer,
  region: string,
): NetworkLoadBalancer | undefined {
  const name = text(found.LoadBalancerName);
  const arn = text(found.LoadBalancerArn);
  if (name === undefined || arn === undefined) return undefined;
  return {
    kind: 'network',
    name,
    region,
    arn,
    accountId: accountIn(arn),
    dnsName: text(found.DNSName),
    createdTime: isoTime(found.CreatedTime),
    scheme: text(found.Scheme),
    vpcId: text(found.VpcId),
    state: text(found.State?.Code),
    ipAddressType: text(found.IpAddressType),
  };
}

/** A target group, with what was left out in `missing`; undefined for an entry without a name or an ARN. */
export function targetGroupOf(found: Sdk.TargetGroup): TargetGroup | undefined {
  const name = text(found.TargetGroupName);
  const arn = text(found.TargetGroupArn);
  if (name === undefined || arn === undefined) return undefined;
  const protocol = text(found.Protocol)?.toUpperCase();
  const targetType = text(found.TargetType)?.toLowerCase();
  const missing: readonly MissingField[] = [
    ...(protocol === undefined && targetType !== 'lambda' ? [{ field: 'TargetGroups[].Protocol' }] : []),
    ...(targetType === undefined ? [{ field: 'TargetGroups[].TargetType' }] : []),
    ...(found.LoadBalancerArns === undefined ? [{ field: 'TargetGroups[].LoadBalancerArns' }] : []),
  ];
  return {
    arn,
    name,
    protocol: protocol ?? '',
    port: found.Port,
    targetType,
    ipAddressType: text(found.IpAddressType),
    vpcId: text(found.VpcId),
    healthCheck: healthCheckOf(found),
    // moto names a load balancer once for each listener.
    loadBalancerArns: found.LoadBalancerArns && [...new Set(found.LoadBalancerArns)],
    ...(missing.length === 0 ? {} : { missing }),
  };
}

/** A listener, or the field that it lacks. */
export function listenerOf(found: Sdk.Listener): NetworkListener | string {
  const arn = text(found.ListenerArn);
  if (arn === undefined) return 'ListenerArn';
  const protocol = text(found.Protocol)?.toUpperCase();
  if (protocol === undefined) return 'Protocol';
  if (found.Port === undefined || !Number.isInteger(found.Port)) return 'Port';
  if (found.DefaultActions === undefined) return 'DefaultActions';
  const groups = new Map<string, { readonly arn: string; readonly weight?: number }>();
  for (const { ForwardConfig, TargetGroupArn, Type } of found.DefaultActions) {
    if (Type !== undefined && Type !== 'forward') continue;
    const forwards = ForwardConfig?.TargetGroups ?? [];
    // One group alone may be given either way, or both ways.
    if (text(TargetGroupArn) === undefined && forwards.length === 0) return 'DefaultActions[].TargetGroupArn';
    if (TargetGroupArn) groups.set(TargetGroupArn, { arn: TargetGroupArn });
    for (const { TargetGroupArn: forward, Weight } of forwards) {
      if (text(forward) === undefined) return 'DefaultActions[].ForwardConfig.TargetGroups[].TargetGroupArn';
      if (forward) groups.set(forward, { arn: forward, ...(Weight === undefined ? {} : { weight: Weight }) });
    }
  }
  return { arn, protocol, port: found.Port, targetGroups: [...groups.values()] };
}

/** A target; undefined for an entry without an id. */
export function targetOf({ Target, TargetHealth }: Sdk.TargetHealthDescription): Target | undefined {
  const id = text(Target?.Id);
  if (id === undefined) return undefined;
  return {
    id,
    port: Target?.Port,
    state: text(TargetHealth?.State),
    reason: text(TargetHealth?.Reason),
    description: text(TargetHealth?.Description),
  };
}

/** The name in an ARN of a load balancer or a target group, for messages; the ARN itself if it has none. */
export function nameInArn(arn: string): string {
  const [kind, ...path] = arn.split(':').slice(5).join(':').split('/');
  return (kind === 'targetgroup' ? path[0] : path[1]) ?? arn;
}

function healthCheckOf(found: Sdk.TargetGroup): TargetGroupHealthCheck | undefined {
  const check = {
    enabled: found.HealthCheckEnabled,
    protocol: text(found.HealthCheckProtocol)?.toUpperCase(),
    port: text(found.HealthCheckPort),
    path: text(found.HealthCheckPath),
    matcher: text(found.Matcher?.HttpCode),
    interval: found.HealthCheckIntervalSeconds,
    timeout: found.HealthCheckTimeoutSeconds,
    healthyThreshold: found.HealthyThresholdCount,
    unhealthyThreshold: found.UnhealthyThresholdCount,
  };
  return Object.values(check).some((value) => value !== undefined) ? check : undefined;
}

/** An ARN names its account, which is better evidence than a Classic load balancer gives. */
function accountIn(arn: string): string | undefined {
  const account = arn.split(':')[4];
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}
