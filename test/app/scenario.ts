import type { LoadBalancer, Policy } from '../../src/core/model.js';
import { policyNamesOn } from '../../src/core/model.js';
import { proxyPolicyKind } from '../../src/core/policy.js';
import { auth, listener, lists, proxy, web } from '../core/builders.js';
import { fc } from '../helpers/fast-check.js';

/** The instance ports of every load balancer here. */
export const ports = [80, 81, 82];
/** The load balancers that a request may name. */
export const names = ['web', 'zoo'];

/** A small load balancer: three ports, policies of every kind, any lists. */
export const loadBalancer = (name: string): fc.Arbitrary<LoadBalancer> => {
  const policies: readonly Policy[] = [
    auth('a'),
    auth('b'),
    ...(name === 'web' ? [proxy('p', 'True'), proxy('r'), proxy('off', 'false')] : []),
  ];
  const list = fc.shuffledSubarray(policies.map((policy) => policy.name));
  return fc.tuple(list, list, list).map((all) =>
    web({
      name,
      listeners: ports.map((port) => listener({ loadBalancerPort: port, instancePort: port })),
      policies,
      backendServers: lists(Object.fromEntries(ports.map((port, index) => [port, all[index] ?? []]))).filter(
        ({ policyNames }) => policyNames.length > 0,
      ),
    }),
  );
};

/** What is asked for. */
export const request = fc.record({
  action: fc.constantFrom('enable' as const, 'disable' as const),
  names: fc.constantFrom(['web'], ['zoo'], names),
  ports: fc.subarray(ports, { minLength: 1 }),
  deletePolicy: fc.boolean(),
});

/** The policies of a port's list that are not PROXY policies. */
export function others(found: LoadBalancer, port: number): readonly string[] {
  return policyNamesOn(found, port).filter((name) => kindOf(found, name) === 'other');
}

/** Those that are. */
export function proxies(found: LoadBalancer, port: number): readonly string[] {
  return policyNamesOn(found, port).filter((name) => kindOf(found, name) !== 'other');
}

function kindOf({ policies }: LoadBalancer, name: string) {
  const policy = policies?.find((known) => known.name === name);
  return policy === undefined ? 'other' : proxyPolicyKind(policy);
}
