import { describe, expect, it } from 'vitest';
import type { LoadBalancer } from '../../src/core/model.js';
import { sightOf } from '../../src/core/sight.js';
import type { Step } from '../../src/core/step.js';
import { auth, lists, proxy, web } from './builders.js';

const on: Step = {
  call: 'SetLoadBalancerPoliciesForBackendServer',
  instancePort: 8443,
  before: ['a', 'b'],
  after: ['a', 'b', 'p'],
};
const off: Step = { ...on, before: on.after, after: on.before };
const found = (list: readonly string[], more: Partial<LoadBalancer> = {}) =>
  web({ policies: [auth('a'), auth('b'), proxy('p')], backendServers: lists({ 8443: list }), ...more });

describe('what one answer shows of a list', () => {
  it.each([
    ['its goal', ['a', 'b', 'p'], 'after', 'before'],
    ['its start', ['a', 'b'], 'before', 'after'],
    ['its goal, and a policy of somebody else', ['a', 'b', 'p', 'c'], 'touched', 'other'],
    ['its start, and a policy of somebody else', ['a', 'b', 'c'], 'other', 'touched'],
  ] as const)('%s', (_what, list, forward, back) => {
    expect([sightOf(on, found(list)).kind, sightOf(off, found(list)).kind]).toEqual([forward, back]);
  });

  it('its goal in another order, which is said', () => {
    expect(sightOf(on, found(['p', 'b', 'a']))).toEqual({ kind: 'after', reordered: true });
  });

  it('its goal by name, with a policy that was made again with false: that is not the goal', () => {
    const policies = [auth('a'), auth('b'), proxy('p', 'false')];
    expect(sightOf(on, found(['a', 'b', 'p'], { policies }))).toMatchObject({
      kind: 'touched',
      redefined: true,
    });
  });

  it('its goal, from a replica that does not know the policy yet: that is behind', () => {
    expect(sightOf(on, found(['a', 'b', 'p'], { policies: [auth('a'), auth('b')] })).kind).toBe('before');
  });
});
