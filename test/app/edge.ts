import {
  type NetworkListener,
  type NetworkLoadBalancer,
  proxyProtocolV2Key,
  type TargetGroup,
} from '../../src/core/network-load-balancer.js';

const account = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';

/** The ARN of a target group; `id` tells it from another of the same name. */
export function groupArn(name: string, id = '0123456789abcdef'): string {
  return `${account}:targetgroup/${name}/${id}`;
}

/** The ARN of a Network Load Balancer. */
export function networkArn(name: string): string {
  return `${account}:loadbalancer/net/${name}/50dc6c495c0c9188`;
}

/** The attributes of a group whose header is on, off, or of which the service says nothing. */
export function attributes(value: string | null): Readonly<Record<string, string>> {
  const others = { 'deregistration_delay.timeout_seconds': '300' };
  return value === null ? others : { ...others, [proxyProtocolV2Key]: value };
}

/** The target group `blue` of `edge`: TCP 8443 to instances, off, with one healthy target and nothing against it. */
export function group(found: Partial<TargetGroup> = {}): TargetGroup {
  const name = found.name ?? 'blue';
  return {
    arn: groupArn(name),
    name,
    protocol: 'TCP',
    port: 8443,
    targetType: 'ip',
    vpcId: 'vpc-1',
    healthCheck: {
      enabled: true,
      protocol: 'HTTP',
      port: 'traffic-port',
      path: '/',
      interval: 10,
      healthyThreshold: 3,
      unhealthyThreshold: 2,
    },
    loadBalancerArns: [networkArn('edge')],
    attributes: attributes('false'),
    targets: [{ id: '10.0.0.1', port: 8443, state: 'healthy' }],
    tags: [],
    ...found,
  };
}

/** A listener that forwards to groups by their names, `TCP 443` unless told otherwise. */
export function networkListener(
  groups: readonly string[],
  found: Partial<NetworkListener> = {},
): NetworkListener {
  const port = found.port ?? 443;
  return {
    arn: `${account}:listener/net/edge/50dc6c495c0c9188/${port}`,
    protocol: 'TCP',
    port,
    targetGroups: groups.map((name) => ({ arn: groupArn(name) })),
    ...found,
  };
}

/** The load balancer `edge`: TCP 443 to `blue`. */
export function edge(found: Partial<NetworkLoadBalancer> = {}): NetworkLoadBalancer {
  const name = found.name ?? 'edge';
  return {
    kind: 'network',
    name,
    region: 'us-east-1',
    arn: networkArn(name),
    accountId: '123456789012',
    dnsName: `${name}-50dc6c495c0c9188.elb.us-east-1.amazonaws.com`,
    createdTime: '2026-11-23T10:00:00.000Z',
    scheme: 'internet-facing',
    vpcId: 'vpc-1',
    state: 'active',
    listeners: [networkListener(['blue'])],
    targetGroups: [group()],
    tags: [],
    ...found,
  };
}
