import { describe, expect, it } from 'vitest';
import { invertStep, invertSteps } from '../../src/core/invert.js';
import { policyFields, type Step } from '../../src/core/step.js';
import { proxy } from './builders.js';

const create: Step = { call: 'CreateLoadBalancerPolicy', ...policyFields(proxy('p', 'True')) };
const set: Step = {
  call: 'SetLoadBalancerPoliciesForBackendServer',
  instancePort: 8443,
  before: ['a'],
  after: ['a', 'p'],
};

describe('the inverse', () => {
  it('the inverse of a creation deletes the policy and remembers what it was, letter for letter', () => {
    expect(invertStep(create)).toEqual({
      call: 'DeleteLoadBalancerPolicy',
      policyName: 'p',
      policyTypeName: 'ProxyProtocolPolicyType',
      attributes: { ProxyProtocol: 'True' },
    });
  });

  it('the inverse of a list puts the old one instead of the new one', () => {
    expect(invertStep(set)).toEqual({ ...set, before: ['a', 'p'], after: ['a'] });
  });

  it('the inverse of the inverse is the step itself', () => {
    for (const step of [create, set, invertStep(create)]) expect(invertStep(invertStep(step))).toEqual(step);
  });

  it('the inverse of several takes the last back first', () => {
    expect(invertSteps([create, set])).toEqual([invertStep(set), invertStep(create)]);
  });
});
