import { sameList, withoutProxyPolicies, withProxyPolicy } from './merge.js';
import { type LoadBalancer, policyNamesOn, proxyProtocolEnabled, proxyProtocolPolicyType } from './model.js';
import { policyNamesOfKind, proxyPolicyKind } from './policy.js';
import { simulate } from './simulate.js';
import { type ClassicStep, policyFields, type SetPoliciesStep } from './step.js';

/** The default name of a policy that `enable` creates. */
export const defaultPolicyName = 'ProxyProtocol-enabled';

/** A goal for one load balancer's instance ports. */
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

/** The name for a new PROXY policy is taken by a policy of another kind. */
export interface NameTaken {
  readonly policyName: string;
  readonly takenByType: string;
}

/** The steps that reach an intent's goal, or why they can't be made. */
export type Steps = { readonly steps: readonly ClassicStep[] } | { readonly nameTaken: NameTaken };

/** The fewest steps from the state that was read to the goal; none if it already holds. */
export function stepsFor(loadBalancer: LoadBalancer, intent: Intent): Steps {
  return intent.action === 'enable'
    ? enableSteps(loadBalancer, intent)
    : { steps: disableSteps(loadBalancer, intent) };
}

function enableSteps(loadBalancer: LoadBalancer, intent: Extract<Intent, { action: 'enable' }>): Steps {
  const wanted = intent.policyName ?? defaultPolicyName;
  const on = policyNamesOfKind(loadBalancer.policies, 'on');
  const reused = on.includes(wanted) ? wanted : on[0];
  const lacking = intent.instancePorts.some(
    (port) => !policyNamesOn(loadBalancer, port).some((name) => on.includes(name)),
  );
  const create = reused === undefined && lacking;
  // A requested name must be valid even if another policy is reused.
  const taken = loadBalancer.policies?.find(({ name }) => name === wanted && !on.includes(name));
  if (taken !== undefined && (create || intent.policyName !== undefined)) {
    return { nameTaken: { policyName: wanted, takenByType: taken.type } };
  }
  const policy = { name: wanted, type: proxyProtocolPolicyType, attributes: proxyProtocolEnabled };
  const sets = setSteps(loadBalancer, intent.instancePorts, (list) =>
    withProxyPolicy(list, loadBalancer, reused ?? wanted),
  );
  return { steps: create ? [{ call: 'CreateLoadBalancerPolicy', ...policyFields(policy) }, ...sets] : sets };
}

function disableSteps(
  loadBalancer: LoadBalancer,
  intent: Extract<Intent, { action: 'disable' }>,
): readonly ClassicStep[] {
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
