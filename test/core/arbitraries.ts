import type { LoadBalancer, Policy } from '../../src/core/model.js';
import { fc } from '../helpers/fast-check.js';

/** Policies of every kind that an instance port may hold, with the letter cases that clients write. */
const policyArbitrary = (name: string): fc.Arbitrary<Policy> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('true', 'True', 'TRUE').map((value) => proxy(name, value)) },
    { weight: 1, arbitrary: fc.constantFrom('false', 'False').map((value) => proxy(name, value)) },
    {
      weight: 4,
      arbitrary: fc.constant<Policy>({
        name,
        type: 'BackendServerAuthenticationPolicyType',
        attributes: [{ name: 'PublicKeyPolicyName', value: 'key' }],
      }),
    },
    { weight: 1, arbitrary: fc.constant<Policy>({ name, type: 'ProxyProtocolPolicyType', attributes: [] }) },
  );

function proxy(name: string, value: string): Policy {
  return { name, type: 'ProxyProtocolPolicyType', attributes: [{ name: 'ProxyProtocol', value }] };
}

const names = ['auth-a', 'auth-b', 'other', 'EnableProxyProtocol', 'ProxyProtocol-enabled', 'x1', 'x2'];
const ports = [80, 443, 8080, 8443, 9000];

/** A load balancer with any policies, any attachments, stale ports and shared ports. */
export const loadBalancerArbitrary: fc.Arbitrary<LoadBalancer> = fc
  .record({
    policies: fc
      .subarray(names)
      .chain((chosen) => fc.tuple(...chosen.map(policyArbitrary)) as fc.Arbitrary<readonly Policy[]>),
    listeners: fc.uniqueArray(
      fc.record({
        protocol: fc.constantFrom('TCP', 'SSL', 'HTTP', 'HTTPS'),
        loadBalancerPort: fc.constantFrom(25, 80, 443, 465),
        instanceProtocol: fc.constantFrom('TCP', 'SSL', 'HTTP'),
        instancePort: fc.constantFrom(...ports),
      }),
      { selector: ({ loadBalancerPort }) => loadBalancerPort, minLength: 1 },
    ),
  })
  .chain(({ policies, listeners }) =>
    fc
      .tuple(
        ...ports.map((instancePort) =>
          fc
            .shuffledSubarray(policies.map(({ name }) => name))
            .map((policyNames) => ({ instancePort, policyNames })),
        ),
      )
      .map(
        (servers): LoadBalancer => ({
          name: 'web',
          region: 'us-east-1',
          accountId: '123456789012',
          dnsName: 'web-1.us-east-1.elb.amazonaws.com',
          createdTime: '2026-11-23T10:00:00.000Z',
          listeners: listeners.map((listener) => ({ ...listener, policyNames: [] })),
          backendServers: servers.filter(({ policyNames }) => policyNames.length > 0),
          healthCheck: { target: 'TCP:8443' },
          policies,
        }),
      ),
  );

/** Some of the load balancer's instance ports, at least one. */
export function somePorts(available: readonly number[]): fc.Arbitrary<readonly number[]> {
  return fc.subarray([...available], { minLength: 1 });
}
