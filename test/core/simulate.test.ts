import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/core/simulate.js';
import { auth, lists, proxy, web } from './builders.js';

const create = (value: string) =>
  ({
    call: 'CreateLoadBalancerPolicy',
    policyName: 'p',
    policyTypeName: 'ProxyProtocolPolicyType',
    attributes: { ProxyProtocol: value },
  }) as const;

describe('a simulated step', () => {
  it('that makes a policy takes the place of one of the same name', () => {
    const { policies } = simulate(web({ policies: [proxy('p', 'false'), auth('a')] }), [create('true')]);
    expect(policies).toEqual([auth('a'), proxy('p')]);
  });

  it('that makes a policy needs none to have been read', () => {
    expect(simulate(web({ policies: undefined }), [create('true')]).policies).toEqual([proxy('p')]);
  });

  it('that sets a list keeps those of other ports, in the order of ports', () => {
    const set = { call: 'SetLoadBalancerPoliciesForBackendServer', before: [] } as const;
    const { backendServers } = simulate(web({ backendServers: lists({ 80: ['a'], 90: ['b'] }) }), [
      { ...set, instancePort: 85, after: ['c'] },
      { ...set, instancePort: 90, after: [] },
    ]);
    expect(backendServers).toEqual(lists({ 80: ['a'], 85: ['c'] }));
  });
});
