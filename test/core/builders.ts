import {
  type Listener,
  type LoadBalancer,
  type Policy,
  proxyProtocolAttribute,
  proxyProtocolPolicyType,
} from '../../src/core/model.js';

/** A policy of the PROXY type; with null the one that leaves its attribute out. */
export function proxy(name: string, value: string | null = 'true'): Policy {
  const attributes = value === null ? [] : [{ name: proxyProtocolAttribute, value }];
  return { name, type: proxyProtocolPolicyType, attributes };
}

/** A policy of another type, of the kind found beside the PROXY policy on an instance port. */
export function auth(name: string): Policy {
  return {
    name,
    type: 'BackendServerAuthenticationPolicyType',
    attributes: [{ name: 'PublicKeyPolicyName', value: 'key' }],
  };
}

/** A listener, `TCP 443 to TCP 8443` by default. */
export function listener(found: Partial<Listener> = {}): Listener {
  const protocol = found.protocol ?? 'TCP';
  return {
    protocol,
    loadBalancerPort: 443,
    instanceProtocol: protocol,
    instancePort: 8443,
    policyNames: [],
    ...found,
  };
}

/**
 * The load balancer `web`: TCP 443 to 8443, which holds nothing; a health check that concerns no port of a listener;
 * one instance in service; no tags. No hazard but what an override adds.
 */
export function web(found: Partial<LoadBalancer> = {}): LoadBalancer {
  return {
    name: 'web',
    region: 'us-east-1',
    accountId: '123456789012',
    dnsName: 'web-1.us-east-1.elb.amazonaws.com',
    createdTime: '2026-11-23T10:00:00.000Z',
    listeners: [listener()],
    backendServers: [],
    healthCheck: { target: 'TCP:9999' },
    policies: [],
    instanceStates: [{ instanceId: 'i-1', state: 'InService' }],
    tags: [],
    ...found,
  };
}

/** Ports with their lists: `lists({ 8443: ['a', 'b'] })`. */
export function lists(byPort: Readonly<Record<number, readonly string[]>>): LoadBalancer['backendServers'] {
  return Object.entries(byPort).map(([port, policyNames]) => ({ instancePort: Number(port), policyNames }));
}
