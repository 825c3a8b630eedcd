import { describe, expect, it } from 'vitest';
import { type Intent, stepsFor } from '../../src/core/change.js';
import type { LoadBalancer } from '../../src/core/model.js';
import type { ClassicStep } from '../../src/core/step.js';
import { auth, listener, lists, proxy, web } from './builders.js';

/** Steps in short: `+p`, `-p`, `8443 [a] → [a, p]`. */
function short(step: ClassicStep): string {
  switch (step.call) {
    case 'CreateLoadBalancerPolicy':
      return `+${step.policyName}`;
    case 'DeleteLoadBalancerPolicy':
      return `-${step.policyName}`;
    case 'SetLoadBalancerPoliciesForBackendServer':
      return `${step.instancePort} [${step.before.join(', ')}] → [${step.after.join(', ')}]`;
  }
}
function planned(loadBalancer: LoadBalancer, intent: Intent): readonly string[] | string {
  const result = stepsFor(loadBalancer, intent);
  return 'steps' in result
    ? result.steps.map(short)
    : `${result.nameTaken.policyName} is a ${result.nameTaken.takenByType}`;
}
const enable = (policyName?: string, instancePorts = [8443]): Intent => ({
  action: 'enable',
  instancePorts,
  policyName,
});
const disable = (deletePolicy = false, instancePorts = [8443]): Intent => ({
  action: 'disable',
  instancePorts,
  deletePolicy,
});
const having = (policies: LoadBalancer['policies'], byPort: Record<number, string[]> = {}) =>
  web({
    listeners: [listener(), listener({ loadBalancerPort: 444, instancePort: 9443 })],
    policies,
    backendServers: lists(byPort),
  });

describe('enable', () => {
  it('makes the policy first, then attaches it to each port, ascending', () => {
    expect(planned(having([auth('a')], { 9443: ['a'] }), enable(undefined, [9443, 8443, 9443]))).toEqual([
      '+ProxyProtocol-enabled',
      '8443 [] → [ProxyProtocol-enabled]',
      '9443 [a] → [a, ProxyProtocol-enabled]',
    ]);
  });

  it('reuses the first PROXY policy there is, whatever its name, and makes none', () => {
    expect(planned(having([proxy('off', 'false'), proxy('x', 'True'), proxy('y')]), enable())).toEqual([
      '8443 [] → [x]',
    ]);
    expect(planned(having([proxy('x')]), enable('mine'))).toEqual(['8443 [] → [x]']);
  });

  it('prefers the one that was asked for by name', () => {
    expect(planned(having([proxy('x'), proxy('mine')]), enable('mine'))).toEqual(['8443 [] → [mine]']);
  });

  it('makes no policy where every port has one: only a contradicting one goes', () => {
    const loadBalancer = having([proxy('x'), proxy('off', 'false')], { 8443: ['off', 'x'] });
    expect(planned(loadBalancer, enable())).toEqual(['8443 [off, x] → [x]']);
  });

  it('does nothing where the port has several PROXY policies', () => {
    expect(planned(having([proxy('x'), proxy('y')], { 8443: ['x', 'y'] }), enable())).toEqual([]);
  });

  it.each([
    auth('ProxyProtocol-enabled'),
    proxy('ProxyProtocol-enabled', 'false'),
    proxy('ProxyProtocol-enabled', null),
  ])('can’t make a policy whose name is taken by another kind', (taken) => {
    expect(planned(having([taken]), enable())).toBe(`ProxyProtocol-enabled is a ${taken.type}`);
    // If none has to be created, the default name does not matter.
    expect(planned(having([taken, proxy('x')]), enable())).toEqual(['8443 [] → [x]']);
  });

  it('holds a name that was asked for to its word, even where another policy would do', () => {
    expect(planned(having([auth('mine'), proxy('x')]), enable('mine'))).toBe(
      'mine is a BackendServerAuthenticationPolicyType',
    );
  });
});

describe('disable', () => {
  it('takes every PROXY policy off, leaves the others in their order and the policies where they are', () => {
    const loadBalancer = having([proxy('x'), proxy('y'), auth('a'), auth('b')], {
      8443: ['x', 'b', 'y', 'a'],
    });
    expect(planned(loadBalancer, disable())).toEqual(['8443 [x, b, y, a] → [b, a]']);
  });

  it('leaves a policy that says false on its port: it switches nothing on', () => {
    const loadBalancer = having([proxy('off', 'false')], { 8443: ['off'] });
    expect(planned(loadBalancer, disable(true))).toEqual([]);
  });

  it('deletes, when asked, what no port uses any more: also one that none used before', () => {
    const loadBalancer = having([proxy('x'), proxy('spare'), proxy('y'), proxy('off', 'false'), auth('a')], {
      8443: ['x'],
      9443: ['y'],
    });
    expect(planned(loadBalancer, disable(true))).toEqual(['8443 [x] → []', '-x', '-spare']);
    expect(planned(loadBalancer, disable(true, [8443, 9443]))).toEqual([
      '8443 [x] → []',
      '9443 [y] → []',
      '-x',
      '-spare',
      '-y',
    ]);
  });
});
