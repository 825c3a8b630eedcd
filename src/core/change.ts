import { sameList, withoutProxyPolicies, withProxyPolicy } from './merge.js';
import { type LoadBalancer, policyNamesOn, proxyProtocolEnabled, proxyProtocolPolicyType } from './model.js';
import { policyNamesOfKind, proxyPolicyKind } from './policy.js';
import { simulate } from './simulate.js';
import { policyFields, type SetPoliciesStep, type Step } from './step.js';

/** The name that `enable` gives to a policy that it has to make. */
export const defaultPolicyName = 'ProxyProtocol-enabled';

/** What somebody wants of one load balancer's instance ports. */
export type Intent =
  | {
      readonly action: 'enable';
      readonly instancePorts: readonly number[];
      readonly policyName?: string | undefined;
    }
  | {
      readonly action: 'disable';
      readonly instancePorts: readonly number[];
      readonly deletePolicy?: boolean | undefined;
    };

/** The name for a new PROXY policy is taken by a policy that is none. */
export interface NameTaken {
  readonly policyName: string;
  readonly takenByType: string;
}

/** The steps that reach an intent's goal, or why they can't be made. */
export type Steps = { readonly steps: readonly Step[] } | { readonly nameTaken: NameTaken };

/** The least steps that reach the goal from what was read; none where it already holds. */
export function stepsFor(loadBalancer: LoadBalancer, intent: Intent): Steps {
  return intent.action === 'enable'
    ? enableSteps(loadBalancer, intent)
    : { steps: disableSteps(loadBalancer, intent) };
}

function enableSteps(loadBalancer: LoadBalancer, intent: Extract<Intent, { action: 'enable' }>): Steps {
  const wanted = intent.policyName ?? defaultPolicyName;
  const present = loadBalancer.policies?.find(({ name }) => name === wanted);
  const taken = present !== undefined && proxyPolicyKind(present) !== 'on' ? present : undefined;
  const reusable = policyNamesOfKind(loadBalancer.policies, 'on');
  const reused = reusable.includes(wanted) ? wanted : reusable[0];

  if (taken !== undefined && intent.policyName !== undefined) return nameTaken(wanted, taken.type);
  const sets = setSteps(loadBalancer, intent.instancePorts, (list) =>
    withProxyPolicy(list, loadBalancer, reused ?? wanted),
  );
  if (reused !== undefined || !sets.some(({ after }) => after.includes(wanted))) return { steps: sets };
  if (taken !== undefined) return nameTaken(wanted, taken.type);
  return {
    steps: [
      {
        call: 'CreateLoadBalancerPolicy',
        ...policyFields({ name: wanted, type: proxyProtocolPolicyType, attributes: proxyProtocolEnabled }),
      },
      ...sets,
    ],
  };
}

function disableSteps(
  loadBalancer: LoadBalancer,
  intent: Extract<Intent, { action: 'disable' }>,
): readonly Step[] {
  const sets = setSteps(loadBalancer, intent.instancePorts, (list) =>
    withoutProxyPolicies(list, loadBalancer),
  );
  if (intent.deletePolicy !== true) return sets;
  const after = simulate(loadBalancer, sets);
  const attached = new Set(after.backendServers.flatMap(({ policyNames }) => policyNames));
  const unused = (after.policies ?? []).filter(
    (policy) => proxyPolicyKind(policy) === 'on' && !attached.has(policy.name),
  );
  return [
    ...sets,
    ...unused.map((policy) => ({ call: 'DeleteLoadBalancerPolicy' as const, ...policyFields(policy) })),
  ];
}

function setSteps(
  loadBalancer: LoadBalancer,
  instancePorts: readonly number[],
  merge: (present: readonly string[]) => readonly string[],
): readonly SetPoliciesStep[] {
  return [...new Set(instancePorts)]
    .toSorted((a, b) => a - b)
    .map((instancePort) => {
      const before = policyNamesOn(loadBalancer, instancePort);
      return {
        call: 'SetLoadBalancerPoliciesForBackendServer' as const,
        instancePort,
        before,
        after: merge(before),
      };
    })
    .filter(({ before, after }) => !sameList(before, after));
}

function nameTaken(policyName: string, takenByType: string): Steps {
  return { nameTaken: { policyName, takenByType } };
}
