import type { LocalEvent, LocalOptions, Seed } from '../../src/local/index.js';
import { type LocalElb, startLocal } from '../../src/local/index.js';

const policy = {
  policyName: 'proxy',
  policyTypeName: 'ProxyProtocolPolicyType',
  attributes: { ProxyProtocol: 'true' },
};

type SeedLoadBalancer = NonNullable<Seed['loadBalancers']>[number];

/** A seed of `count` load balancers `lb-00000`…, every second of which has the PROXY policy on its port 8443. */
export function fleetSeed(count: number, of: Partial<SeedLoadBalancer> = {}): readonly SeedLoadBalancer[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `lb-${String(index).padStart(5, '0')}`,
    listeners: [{ protocol: 'TCP', loadBalancerPort: 443, instancePort: 8443 }],
    ...(index % 2 === 0
      ? { policies: [policy], backendPolicies: [{ instancePort: 8443, policyNames: ['proxy'] }] }
      : {}),
    ...of,
  }));
}

/** A local service without a data plane that counts its calls. */
export interface FleetService extends AsyncDisposable {
  readonly endpoint: string;
  readonly local: LocalElb;
  /** Calls by action since the last look; those of the newer API as `elbv2 DescribeTags`. */
  readonly calls: () => Readonly<Record<string, number>>;
}

/** Starts it. */
export async function startFleet(
  loadBalancers: Seed['loadBalancers'],
  options: LocalOptions = {},
): Promise<FleetService> {
  let counts: Record<string, number> = {};
  const onEvent = (event: LocalEvent): void => {
    if (event.kind !== 'request') return;
    const action = event.service === 'elasticloadbalancingv2' ? `elbv2 ${event.action}` : event.action;
    counts[action] = (counts[action] ?? 0) + 1;
  };
  const local = await startLocal({ port: 0, dataPlane: false, seed: { loadBalancers }, onEvent, ...options });
  return {
    endpoint: local.endpoint,
    local,
    calls: () => {
      const seen = counts;
      counts = {};
      return seen;
    },
    [Symbol.asyncDispose]: () => local.close(),
  };
}
