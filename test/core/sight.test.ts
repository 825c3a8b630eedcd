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
    ['its goal, and a policy of someone else', ['a', 'b', 'p', 'c'], 'touched', 'other'],
    ['its start, and a policy of someone else', ['a', 'b', 'c'], 'other', 'touched'],
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

describe('what one answer shows of a list that several policies go onto, or off', () => {
  const several: Step = { ...on, before: ['a'], after: ['a', 'p', 'q'] };
  const none: Step = { ...on, before: ['a', 'p', 'q'], after: ['a'] };
  const policies = [auth('a'), auth('b'), proxy('p'), proxy('q')];

  it.each([
    ['one of those that were put on is enough to be touched', several, ['a', 'p', 'b'], 'touched'],
    ['none of them is someone else’s list', several, ['a', 'b'], 'other'],
    ['one that is off is enough to be touched', none, ['a', 'q', 'b'], 'touched'],
    ['one that had to stay and is gone says nothing of those that had to go', none, ['p', 'q', 'b'], 'other'],
  ] as const)('%s', (_what, step, list, kind) => {
    expect(sightOf(step, found(list, { policies }))).toEqual({
      kind,
      why: `its list is [${list.join(', ')}]`,
    });
  });

  it('names those that were made again with another meaning', () => {
    const redefined = [auth('a'), proxy('p', 'false'), proxy('q', 'false')];
    expect(sightOf(several, found(['a', 'p', 'q'], { policies: redefined }))).toEqual({
      kind: 'touched',
      redefined: true,
      why: 'p, q were recreated with another meaning',
    });
  });
});

describe('what one answer shows of a policy', () => {
  const create: Step = {
    call: 'CreateLoadBalancerPolicy',
    policyName: 'p',
    policyTypeName: 'ProxyProtocolPolicyType',
    attributes: { ProxyProtocol: 'true' },
  };
  const remove: Step = { ...create, call: 'DeleteLoadBalancerPolicy' };

  it.each([
    ['it is there', [proxy('p', 'True')], 'after', 'before'],
    ['it is not', [auth('a')], 'before', 'after'],
  ] as const)('%s', (_what, policies, made, deleted) => {
    const shown = found([], { policies });
    expect([sightOf(create, shown), sightOf(remove, shown)]).toEqual([{ kind: made }, { kind: deleted }]);
  });

  it('another one has the name', () => {
    const other = { kind: 'other', why: 'policy p has another definition' };
    const shown = found([], { policies: [proxy('p', 'false')] });
    expect([sightOf(create, shown), sightOf(remove, shown)]).toEqual([other, other]);
  });
});
