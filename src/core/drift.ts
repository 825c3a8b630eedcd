import { setSteps, writtenPorts } from './change-facts.js';
import { sameList } from './merge.js';
import { type LoadBalancer, type LoadBalancerIdentity, type Policy, policyNamesOn } from './model.js';
import type { AffectedListener, ClassicChange } from './plan.js';
import { proxyPolicyKind, samePolicy } from './policy.js';
import { type ClassicStep, policyOf, type SetPoliciesStep } from './step.js';

/** Something that no longer matches the plan, with its value then and now. */
export interface Moved {
  /** `DNS name`, `instance port 8443`, `policy X`, … */
  readonly what: string;
  readonly expected: string;
  readonly found: string;
  /** The value looks as if one of this run's own writes did not show yet. */
  readonly own?: boolean | undefined;
}

/**
 * The differences from the plan that matter to the remaining steps; empty if the run may go on. Lists that this run has
 * written are left out: their own read-back has judged them. `fresh` is undefined if the load balancer is gone.
 */
export function drift(
  change: ClassicChange,
  remaining: readonly ClassicStep[],
  fresh: LoadBalancer | undefined,
): readonly Moved[] {
  if (fresh === undefined)
    return [{ what: 'load balancer', expected: change.loadBalancer.name, found: 'not found' }];
  const moved = movedIdentity(change.loadBalancer, fresh);
  if (moved.length > 0) return moved;
  return remaining.flatMap((step) => movedUnder(step, remaining, fresh));
}

/** Changes of a pinned identity: another load balancer took the name, or the account is a different one. */
export function movedIdentity(pinned: LoadBalancerIdentity, fresh: LoadBalancerIdentity): readonly Moved[] {
  const fields = [
    ['region', 'region'],
    ['dnsName', 'DNS name'],
    ['createdTime', 'creation time'],
    ['accountId', 'owner account'],
  ] as const;
  return fields
    .filter(([field]) => pinned[field] !== undefined && pinned[field] !== fresh[field])
    .map(([field, what]) => ({ what, expected: pinned[field] ?? '', found: fresh[field] ?? 'not given' }));
}

function movedUnder(
  step: ClassicStep,
  remaining: readonly ClassicStep[],
  fresh: LoadBalancer,
): readonly Moved[] {
  const named = (name: string) => fresh.policies?.find((policy) => policy.name === name);
  switch (step.call) {
    case 'SetLoadBalancerPoliciesForBackendServer': {
      const found = policyNamesOn(fresh, step.instancePort);
      const what = `instance port ${step.instancePort}`;
      const list = { what, expected: showList(step.before), found: showList(found) };
      return [
        ...(sameList(step.before, found) ? [] : [list]),
        ...addedPolicies(step).flatMap((name) => movedPolicy(name, step, remaining, fresh)),
      ];
    }
    case 'CreateLoadBalancerPolicy': {
      const what = `policy ${step.policyName}`;
      const present = named(step.policyName);
      return present === undefined ? [] : [{ what, expected: 'absent', found: present.type }];
    }
    case 'DeleteLoadBalancerPolicy': {
      const what = `policy ${step.policyName}`;
      const present = named(step.policyName);
      if (present === undefined) return [{ what, expected: step.policyTypeName, found: 'absent' }];
      if (!samePolicy(present, policyOf(step)))
        return [{ what, expected: 'as planned', found: 'another definition' }];
      const written = writtenPorts(remaining);
      return fresh.backendServers
        .filter(({ policyNames }) => policyNames.includes(step.policyName))
        .filter(({ instancePort }) => !written.includes(instancePort))
        .map(({ instancePort: port }) => ({
          what,
          expected: 'on no port',
          found: `on instance port ${port}`,
        }));
    }
  }
}

/** Changes to the lists that this run wrote; `done`: the finished steps, with their lists as the service showed them. */
export function movedWritten(
  done: readonly ClassicStep[],
  remaining: readonly ClassicStep[],
  fresh: LoadBalancer,
): readonly Moved[] {
  const again = writtenPorts(remaining);
  return setSteps(done).flatMap((step) => {
    const found = policyNamesOn(fresh, step.instancePort);
    if (again.includes(step.instancePort) || sameList(found, step.after)) return [];
    const what = `instance port ${step.instancePort}, which this run has written,`;
    const own = sameList(found, step.before);
    return [{ what, expected: showList(step.after), found: showList(found), own }];
  });
}

/** Changes to the listeners that forward to the ports of a change: a reviewer has agreed to the affected clients. */
export function movedListeners({ affects, steps }: ClassicChange, fresh: LoadBalancer): readonly Moved[] {
  return [...new Set(writtenPorts(steps))].flatMap((port) => {
    const [expected, found] = [showListeners(affects.listeners, port), showListeners(fresh.listeners, port)];
    return expected === found ? [] : [{ what: `the listeners of instance port ${port}`, expected, found }];
  });
}

function showListeners(listeners: readonly AffectedListener[], port: number): string {
  const words = listeners
    .filter(({ instancePort }) => instancePort === port)
    .map(
      ({ protocol, loadBalancerPort, instanceProtocol }) =>
        `${protocol} ${loadBalancerPort} to ${instanceProtocol}`,
    );
  return words.length === 0 ? 'none' : words.toSorted().join(', ');
}

function addedPolicies({ before, after }: SetPoliciesStep): readonly string[] {
  return after.filter((name) => !before.includes(name));
}

/** A policy that a step attaches must exist, and still mean the same as when it was planned. */
function movedPolicy(
  name: string,
  step: SetPoliciesStep,
  remaining: readonly ClassicStep[],
  fresh: LoadBalancer,
): readonly Moved[] {
  if (fresh.policies === undefined) return [];
  if (remaining.some((other) => other.call === 'CreateLoadBalancerPolicy' && other.policyName === name))
    return [];
  const present = fresh.policies.find((policy) => policy.name === name);
  if (present !== undefined && meansTheSame(present, step, fresh)) return [];
  return [
    {
      ...(present === undefined ? { own: true } : {}),
      what: `policy ${name}`,
      expected: `a PROXY policy with ProxyProtocol=${addedKind(step, fresh) === 'off' ? 'false' : 'true'}`,
      found: present === undefined ? 'absent' : 'another definition',
    },
  ];
}

/** The policies that a step would attach but that were redefined since. If one is gone, the service refuses the step. */
export function redefinedPolicies(step: SetPoliciesStep, fresh: LoadBalancer): readonly string[] {
  return addedPolicies(step).filter((name) =>
    fresh.policies?.some((policy) => policy.name === name && !meansTheSame(policy, step, fresh)),
  );
}

/** Whether the service describes a policy; if policies were not read, there is no objection. */
export function isDescribed(name: string, { policies }: Pick<LoadBalancer, 'policies'>): boolean {
  return policies?.some((policy) => policy.name === name) ?? true;
}

function meansTheSame(policy: Policy, step: SetPoliciesStep, fresh: LoadBalancer): boolean {
  const kind = proxyPolicyKind(policy);
  return kind !== 'other' && kind === (addedKind(step, fresh) ?? kind);
}

/**
 * The required meaning of the policies that a step attaches. Only the undo of an enable adds policies to a list that is on
 * already, and those said false. Undefined if a policy of the list is not known, for example right after its creation.
 */
function addedKind(
  { before }: SetPoliciesStep,
  { policies = [] }: Pick<LoadBalancer, 'policies'>,
): 'on' | 'off' | undefined {
  const kinds = before.map((name) => {
    const policy = policies.find((one) => one.name === name);
    return policy && proxyPolicyKind(policy);
  });
  if (kinds.includes('on')) return 'off';
  return kinds.includes(undefined) ? undefined : 'on';
}

/** A policy list for people. */
export function showList(policyNames: readonly string[]): string {
  return `[${policyNames.join(', ')}]`;
}
