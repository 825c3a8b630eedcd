import { describe, expect, it } from 'vitest';
import type { LoadBalancer } from '../../src/core/model.js';
import { planChange } from '../../src/core/plan.js';
import { againstAction, outOfScope } from '../../src/core/scope.js';
import type { ClassicStep } from '../../src/core/step.js';
import { auth, lists, proxy, web } from './builders.js';

const fresh = web({
  policies: [auth('a'), auth('b'), proxy('p'), proxy('off', 'false')],
  backendServers: lists({ 8443: ['a', 'b'] }),
});
const set = (before: readonly string[], after: readonly string[]): ClassicStep => ({
  call: 'SetLoadBalancerPoliciesForBackendServer',
  instancePort: 8443,
  before,
  after,
});
const policy = (
  call: 'CreateLoadBalancerPolicy' | 'DeleteLoadBalancerPolicy',
  policyName: string,
  policyTypeName = 'ProxyProtocolPolicyType',
): ClassicStep => ({ call, policyName, policyTypeName, attributes: {} });
const beyond = (steps: readonly ClassicStep[], found: LoadBalancer = fresh) =>
  outOfScope(planChange(fresh, [8443], steps, []), found);

describe('in scope', () => {
  it.each([
    ['putting a PROXY policy on', [set(['a', 'b'], ['a', 'b', 'p'])]],
    ['putting one on in the middle, as an undo does', [set(['a', 'b'], ['a', 'p', 'b'])]],
    ['taking one off', [set(['a', 'p', 'b'], ['a', 'b'])]],
    ['taking one off that says false', [set(['off', 'a'], ['a', 'p'])]],
    ['putting on one that the plan makes', [policy('CreateLoadBalancerPolicy', 'n'), set(['a'], ['a', 'n'])]],
    ['deleting one', [policy('DeleteLoadBalancerPolicy', 'p')]],
    ['a list that stays as it is', [set(['b', 'a'], ['b', 'a'])]],
  ])('is %s', (_what, steps) => {
    expect(beyond(steps)).toEqual([]);
  });
});

it('what was done is no longer judged: a policy that was taken off and deleted may be followed by the next', () => {
  const steps = [
    set(['a', 'p'], ['a']),
    policy('DeleteLoadBalancerPolicy', 'p'),
    policy('DeleteLoadBalancerPolicy', 'off'),
  ];
  const without = { ...fresh, policies: [auth('a'), proxy('off', 'false')] };
  expect(outOfScope(planChange(fresh, [8443], steps, []), without, steps.slice(2))).toEqual([]);
});

describe('out of scope', () => {
  it.each([
    ['taking another policy off', [set(['a', 'b'], ['a', 'p'])], 'take b, which is not a PROXY policy, off'],
    ['emptying a list', [set(['a', 'p'], [])], 'take a, which'],
    ['putting another policy on', [set(['a'], ['a', 'b', 'p'])], 'put b, which is not a PROXY policy, on'],
    ['putting on what is not there', [set(['a'], ['a', 'ghost'])], 'put ghost, which'],
    ['another order', [set(['a', 'b'], ['b', 'a', 'p'])], 'change the order'],
    ['another order of PROXY policies', [set(['p', 'a'], ['a', 'p'])], 'change the order'],
    ['a policy twice in the list', [set(['a'], ['a', 'a'])], 'change the order'],
    [
      'a policy that only claims to be of the type, by its name',
      [set(['a'], ['a', 'ProxyProtocol-enabled'])],
      'put ProxyProtocol-enabled, which',
    ],
    [
      'making a policy of another type',
      [policy('CreateLoadBalancerPolicy', 'n', 'PublicKeyPolicyType')],
      'CreateLoadBalancerPolicy of n, which is a PublicKeyPolicyType',
    ],
    [
      'deleting a policy of another type',
      [policy('DeleteLoadBalancerPolicy', 'a', 'BackendServerAuthenticationPolicyType')],
      'DeleteLoadBalancerPolicy of a, which is a Backend',
    ],
    [
      'putting on what the plan deletes under a PROXY label',
      [policy('DeleteLoadBalancerPolicy', 'b'), set(['a'], ['a', 'b'])],
      'put b, which',
    ],
  ])('is %s', (_what, steps, objection) => {
    expect(beyond(steps).join('; ')).toContain(objection);
  });

  it('is judged by what the load balancer has now, not by what it had', () => {
    const redefined = { ...fresh, policies: [auth('a'), auth('b'), auth('p')] };
    expect(beyond([set(['a', 'p'], ['a'])])).toEqual([]);
    expect(beyond([set(['a', 'p'], ['a'])], redefined)).toHaveLength(1);
    expect(beyond([set(['a', 'p'], ['a'])], { ...fresh, policies: undefined })).toHaveLength(1);
  });

  it('is reported for every step, with the port', () => {
    expect(beyond([set(['a'], []), policy('DeleteLoadBalancerPolicy', 'x', 'T')])).toEqual([
      'take a, which is not a PROXY policy, off instance port 8443',
      'DeleteLoadBalancerPolicy of x, which is a T',
    ]);
  });
});

describe('a change that calls itself what it is not', () => {
  const against = (action: 'enable' | 'disable' | 'undo', steps: readonly ClassicStep[]) =>
    againstAction(action, planChange(fresh, [8443], steps, []), fresh);

  it.each([
    [
      'an enable that takes the PROXY policy off',
      'enable',
      [set(['a', 'p'], ['a'])],
      'without a PROXY policy',
    ],
    ['an enable that puts one on which says false', 'enable', [set(['a'], ['a', 'off'])], 'without a PROXY'],
    ['a disable that leaves one of two', 'disable', [set(['a', 'off', 'p'], ['a', 'p'])], 'leave p on'],
  ] as const)('%s', (_what, action, steps, says) => {
    expect(against(action, steps).join()).toContain(says);
  });

  it.each([
    ['an enable', 'enable', [set(['a'], ['a', 'p'])]],
    ['an enable that makes its policy', 'enable', [policy('CreateLoadBalancerPolicy', 'n'), set([], ['n'])]],
    ['an enable that only takes off what says false', 'enable', [set(['p', 'off'], ['p'])]],
    ['a disable', 'disable', [set(['a', 'p'], ['a'])]],
    ['a disable that deletes', 'disable', [policy('DeleteLoadBalancerPolicy', 'p')]],
    ['an undo of either', 'undo', [set(['a'], ['a', 'p']), set(['a', 'p'], ['a'])]],
  ] as const)('is not %s', (_what, action, steps) => {
    expect(against(action, steps)).toEqual([]);
  });
});
