import type { PlanChange } from '../../src/core/plan.js';
import type { Step } from '../../src/core/step.js';
import type { Seed } from '../../src/local/index.js';
import { proxyKey } from '../helpers/network-service.js';
import type { Service } from '../helpers/service.js';

// What there is to be switched in the sequences of model.test.ts, and what is seen of it: of an instance port its list; of
// a target group a list with one entry where it is on.

export const names = ['web', 'zoo'] as const;
export type Name = (typeof names)[number];
export const ports = [8443, 9443, 9444] as const;
/** The target groups of the Network Load Balancer, which has the name of a Classic one. */
export const groups = ['blue', 'green'] as const;

/** By {@link key} or {@link groupKey}. */
export type Lists = ReadonlyMap<string, readonly string[]>;

export const key = (name: string, port: number): string => `${name}/${port}`;
export const groupKey = (group: string): string => `group ${group}`;

const foreignPolicies = new Set(['z-auth', 'b-auth', 'foreign']);
export const others = (list: readonly string[] = []): readonly string[] =>
  list.filter((policy) => foreignPolicies.has(policy));
export const isOn = (list: readonly string[] = []): boolean =>
  list.some((policy) => !foreignPolicies.has(policy));
const valueAsList = (value: string | null | undefined): readonly string[] => (value === 'true' ? ['on'] : []);

/** Two Classic load balancers, and a Network Load Balancer with the name of the first. */
export const seed: Seed = {
  loadBalancers: names.map((name) => ({
    name,
    listeners: ports.map((instancePort, index) => ({
      protocol: 'TCP',
      loadBalancerPort: 443 + index,
      instancePort,
    })),
    policies: [
      { policyName: 'key', policyTypeName: 'PublicKeyPolicyType', attributes: { PublicKey: 'MIIB' } },
      ...[...foreignPolicies].map((policyName) => ({
        policyName,
        policyTypeName: 'BackendServerAuthenticationPolicyType',
        attributes: { PublicKeyPolicyName: 'key' },
      })),
    ],
    backendPolicies: [
      { instancePort: 8443, policyNames: ['z-auth', 'b-auth'] },
      { instancePort: 9443, policyNames: ['b-auth'] },
    ],
    healthCheck: { target: 'TCP:8443' },
  })),
  elbv2: {
    targetGroups: groups.map((name) => ({
      name,
      protocol: 'TCP',
      port: 8443,
      targetType: 'ip' as const,
      healthCheck: { protocol: 'TCP' },
      // Of one of them the service does not list what was never set.
      listsDefaults: name === 'blue',
    })),
    loadBalancers: [
      {
        name: 'web',
        listeners: groups.map((group, index) => ({
          protocol: 'TCP',
          port: 443 + index,
          targetGroups: [group],
        })),
      },
    ],
  },
};

/** Everything as the service has it at this moment. */
export function listsOf({ local }: Service): Lists {
  const lists = local
    .loadBalancers()
    .flatMap(({ loadBalancerName, backendPolicies }) =>
      ports.map(
        (port) =>
          [
            key(loadBalancerName, port),
            backendPolicies.find(({ instancePort }) => instancePort === port)?.policyNames ?? [],
          ] as const,
      ),
    );
  const values = local
    .elbv2()
    .targetGroups.map(
      ({ name, attributes }) =>
        [
          groupKey(name),
          valueAsList(attributes.find((attribute) => attribute.key === proxyKey)?.value),
        ] as const,
    );
  return new Map([...lists, ...values]);
}

/** What a change's steps do to what is switched: which step, where, and what is there before and after. The others make and delete policies. */
export function switchesIn({
  loadBalancer,
  targetGroup,
  steps,
}: Pick<PlanChange, 'loadBalancer' | 'targetGroup'> & { readonly steps: readonly Step[] }) {
  return steps.flatMap((step, index) => {
    switch (step.call) {
      case 'SetLoadBalancerPoliciesForBackendServer': {
        const { instancePort, before, after } = step;
        return [{ index, at: key(loadBalancer.name, instancePort), before, after }];
      }
      case 'ModifyTargetGroupAttributes': {
        const [before, after] = [valueAsList(step.before), valueAsList(step.after)];
        return [{ index, at: groupKey(targetGroup?.name ?? ''), before, after }];
      }
      case 'CreateLoadBalancerPolicy':
      case 'DeleteLoadBalancerPolicy':
        return [];
    }
  });
}

/** Another operator, who reads and writes in one breath, puts his policy on a port or takes it off. */
export async function writeAsForeigner(
  service: Service,
  which: number,
  name: Name = names[which % names.length] ?? 'web',
): Promise<void> {
  const port = ports[which % ports.length] ?? 8443;
  const list = listsOf(service).get(key(name, port)) ?? [];
  await service.setList(
    port,
    list.includes('foreign') ? list.filter((policy) => policy !== 'foreign') : [...list, 'foreign'],
    name,
  );
}

/**
 * The same on every port of a load balancer, at once: what falls between two instructions of a process that sleeps could
 * not be waited for.
 */
export function writeEverywhere({ local }: Service, name: string): void {
  const found = local.loadBalancers().find(({ loadBalancerName }) => loadBalancerName === name);
  if (found === undefined) return;
  const backendPolicies = ports.map((instancePort) => {
    const list = found.backendPolicies.find((one) => one.instancePort === instancePort)?.policyNames ?? [];
    const without = list.filter((policy) => policy !== 'foreign');
    return { instancePort, policyNames: without.length < list.length ? without : [...list, 'foreign'] };
  });
  Object.assign(found, {
    backendPolicies: backendPolicies.filter(({ policyNames }) => policyNames.length > 0),
  });
}
