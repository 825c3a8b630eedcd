import {
  type NetworkListener,
  type NetworkLoadBalancer,
  proxyProtocolV2Key,
  type TargetGroup,
} from '../../src/core/network-load-balancer.js';
import * as web from '../core/network-builders.js';

export { groupArn, loadBalancerArn as networkArn } from '../core/network-builders.js';

/** The attributes of a group whose header is on, off, or of which the service says nothing. */
export function attributes(value: string | null): Readonly<Record<string, string>> {
  const others = { 'deregistration_delay.timeout_seconds': '300' };
  return value === null ? others : { ...others, [proxyProtocolV2Key]: value };
}

/** The target group `blue` of `edge`: TCP 8443 to addresses, off, with one healthy target and no hazard. */
export function group(found: Partial<TargetGroup> = {}): TargetGroup {
  return web.targetGroup({
    name: 'blue',
    targetType: 'ip',
    healthCheck: {
      enabled: true,
      protocol: 'HTTP',
      port: 'traffic-port',
      path: '/',
      interval: 10,
      healthyThreshold: 3,
      unhealthyThreshold: 2,
    },
    loadBalancerArns: [web.loadBalancerArn('edge')],
    attributes: attributes('false'),
    targets: [{ id: '10.0.0.1', port: 8443, state: 'healthy' }],
    ...found,
  });
}

/** A listener that forwards to groups by their names, `TCP 443` by default. */
export function networkListener(
  groups: readonly string[],
  found: Partial<NetworkListener> = {},
): NetworkListener {
  const targetGroups = groups.map((name) => ({ arn: web.groupArn(name) }));
  return web.networkListener({ targetGroups, ...found });
}

/** The load balancer `edge`: TCP 443 to `blue`. */
export function edge(found: Partial<NetworkLoadBalancer> = {}): NetworkLoadBalancer {
  return web.nlb({
    name: 'edge',
    listeners: [networkListener(['blue'])],
    targetGroups: [group()],
    ...found,
  });
}
