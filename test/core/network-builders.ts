import {
  type NetworkListener,
  type NetworkLoadBalancer,
  proxyProtocolV2Key,
  type TargetGroup,
} from '../../src/core/network-load-balancer.js';

const prefix = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';

/** The ARN of a load balancer by its name. */
export function loadBalancerArn(name: string): string {
  return `${prefix}:loadbalancer/net/${name}/0123456789abcdef`;
}

/** The ARN of a target group by its name; `id` distinguishes it from another of that name. */
export function groupArn(name: string, id = '0123456789abcdef'): string {
  return `${prefix}:targetgroup/${name}/${id}`;
}

/**
 * A target group on `web`: TCP 8443, instances, PROXY off by default, an HTTP check on the traffic port, one healthy
 * target, addresses of clients not preserved, no tags. No hazard but what an override adds.
 */
export function targetGroup(found: Partial<TargetGroup> = {}): TargetGroup {
  const name = found.name ?? 'web-tls';
  return {
    arn: groupArn(name),
    name,
    protocol: 'TCP',
    port: 8443,
    targetType: 'instance',
    ipAddressType: 'ipv4',
    vpcId: 'vpc-1',
    healthCheck: {
      enabled: true,
      protocol: 'HTTP',
      port: 'traffic-port',
      path: '/',
      matcher: '200-399',
      interval: 30,
      timeout: 6,
      healthyThreshold: 5,
      unhealthyThreshold: 2,
    },
    loadBalancerArns: [loadBalancerArn('web')],
    attributes: { 'preserve_client_ip.enabled': 'false' },
    targets: [{ id: 'i-1', port: 8443, state: 'healthy' }],
    tags: [],
    ...found,
  };
}

/** The attributes of a group whose PROXY setting is this. */
export function withProxy(value: string, more: Readonly<Record<string, string>> = {}) {
  return { 'preserve_client_ip.enabled': 'false', ...more, [proxyProtocolV2Key]: value };
}

/** A listener, `TCP 443` to `web-tls` by default. */
export function networkListener(found: Partial<NetworkListener> = {}, ...groups: string[]): NetworkListener {
  const port = found.port ?? 443;
  return {
    arn: `${prefix}:listener/net/web/0123456789abcdef/${port}`,
    protocol: 'TCP',
    port,
    targetGroups: (groups.length > 0 ? groups : ['web-tls']).map((name) => ({ arn: groupArn(name) })),
    ...found,
  };
}

/** The Network Load Balancer `web`: TCP 443 to the group `web-tls`. */
export function nlb(found: Partial<NetworkLoadBalancer> = {}): NetworkLoadBalancer {
  const name = found.name ?? 'web';
  return {
    kind: 'network',
    name,
    region: 'us-east-1',
    arn: loadBalancerArn(name),
    accountId: '123456789012',
    dnsName: `${name}-0123456789abcdef.elb.us-east-1.amazonaws.com`,
    createdTime: '2026-11-23T10:00:00.000Z',
    scheme: 'internet-facing',
    vpcId: 'vpc-1',
    state: 'active',
    ipAddressType: 'ipv4',
    listeners: [networkListener()],
    targetGroups: [targetGroup({ loadBalancerArns: [loadBalancerArn(name)] })],
    tags: [],
    ...found,
  };
}
