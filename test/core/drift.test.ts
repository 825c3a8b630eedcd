import { describe, expect, it } from 'vitest';
import {
  drift,
  isDescribed,
  movedIdentity,
  movedListeners,
  movedWritten,
  redefinedPolicies,
  showList,
} from '../../src/core/drift.js';
import type { LoadBalancer, LoadBalancerIdentity } from '../../src/core/model.js';
import { planChange } from '../../src/core/plan.js';
import { simulate } from '../../src/core/simulate.js';
import { type ClassicStep, policyFields } from '../../src/core/step.js';
import { auth, listener, lists, proxy, web } from './builders.js';

const before = web({
  policies: [auth('a'), auth('b'), proxy('p'), proxy('unused')],
  backendServers: lists({ 8443: ['a', 'b'], 9443: ['p'] }),
});
const create: ClassicStep = { call: 'CreateLoadBalancerPolicy', ...policyFields(proxy('new')) };
const set = (after: readonly string[], instancePort = 8443, present = ['a', 'b']): ClassicStep => ({
  call: 'SetLoadBalancerPoliciesForBackendServer',
  instancePort,
  before: present,
  after,
});
const remove = (name: string): ClassicStep => ({
  call: 'DeleteLoadBalancerPolicy',
  ...policyFields(proxy(name)),
});
const moved = (steps: readonly ClassicStep[], fresh: LoadBalancer | undefined) =>
  drift(planChange(before, [8443], steps, []), steps, fresh).map(
    ({ what, expected, found }) => `${what}: ${expected} → ${found}`,
  );
const plan = [create, set(['a', 'b', 'new'])];

describe('nothing has moved', () => {
  it('nothing has moved if everything is as it was read', () => {
    expect(moved([...plan, remove('unused')], before)).toEqual([]);
  });

  it('nothing has moved if only things moved that the plan does not touch', () => {
    const fresh = {
      ...simulate(before, [set([], 9443, ['p'])]),
      policies: [...(before.policies ?? []), auth('more')],
      healthCheck: { target: 'HTTP:8443/' },
      instanceStates: [],
      tags: undefined,
      listeners: [],
    };
    expect(moved(plan, fresh)).toEqual([]);
  });

  it('between two steps, once the first is done', () => {
    const [first, second] = plan as [ClassicStep, ClassicStep];
    const change = planChange(before, [8443], plan, []);
    expect(drift(change, [second], simulate(before, [first]))).toEqual([]);
  });
});

describe('the load balancer', () => {
  it('that is gone is the one thing to say', () => {
    expect(moved(plan, undefined)).toEqual(['load balancer: web → not found']);
  });

  it.each([
    ['region', 'eu-west-1', 'region'],
    ['dnsName', 'web-2.us-east-1.elb.amazonaws.com', 'DNS name'],
    ['createdTime', '2026-11-23T10:00:00.001Z', 'creation time'],
    ['accountId', '210987654321', 'owner account'],
  ] as const)('with another %s is another load balancer, whatever its lists are', (field, value, what) => {
    expect(moved(plan, { ...before, [field]: value, backendServers: [] })).toEqual([
      `${what}: ${before[field]} → ${value}`,
    ]);
  });

  it.each(['dnsName', 'createdTime', 'accountId'] as const)(
    'that no longer gives its %s is not taken for the same',
    (field) => {
      expect(movedIdentity(before, { ...before, [field]: undefined })).toMatchObject([
        { found: 'not given' },
      ]);
    },
  );

  it('is not held to what was not known of it when the plan was made', () => {
    const pinned: LoadBalancerIdentity = { name: 'web', region: 'us-east-1' };
    expect(movedIdentity(pinned, before)).toEqual([]);
  });
});

describe('a list that is to be written', () => {
  it.each([
    [['b', 'a'], '[b, a]'],
    [['a'], '[a]'],
    [[], '[]'],
    [['a', 'b', 'p'], '[a, b, p]'],
  ])('a list that is to be written and is now %j has moved', (list, found) => {
    const fresh = { ...before, backendServers: lists({ 8443: list }) };
    expect(moved([set(['a', 'b', 'p'])], fresh)).toEqual([`instance port 8443: [a, b] → ${found}`]);
  });

  it('is reported for each port that changed', () => {
    const steps = [set(['a', 'b', 'p']), set([], 9443, ['p'])];
    expect(moved(steps, { ...before, backendServers: [] })).toEqual([
      'instance port 8443: [a, b] → []',
      'instance port 9443: [p] → []',
    ]);
  });

  it('is not looked at once it is written', () => {
    const [first, second] = [set(['a', 'b', 'p']), set([], 9443, ['p'])] as const;
    const change = planChange(before, [8443, 9443], [first, second], []);
    expect(drift(change, [second], simulate(before, [first]))).toEqual([]);
  });
});

describe('a policy that is to be attached', () => {
  it('a policy that is to be attached and was deleted has moved', () => {
    const fresh = { ...before, policies: [auth('a'), auth('b')] };
    expect(moved([set(['a', 'b', 'p'])], fresh)).toEqual([
      'policy p: a PROXY policy with ProxyProtocol=true → absent',
    ]);
  });

  it.each([auth('p'), proxy('p', null), proxy('p', 'maybe')])(
    'and is no longer a PROXY policy has changed',
    (redefined) => {
      const fresh = { ...before, policies: [auth('a'), auth('b'), redefined] };
      expect(moved([set(['a', 'b', 'p'])], fresh)).toHaveLength(1);
    },
  );

  it('a policy that is to be attached and says false now has moved: the port would not send the line that the plan is about', () => {
    const fresh = { ...before, policies: [auth('a'), auth('b'), proxy('p', 'false')] };
    expect(moved([set(['a', 'b', 'p'])], fresh)).toEqual([
      'policy p: a PROXY policy with ProxyProtocol=true → another definition',
    ]);
  });

  describe('to a list that switches on already says false: an undo puts such a one back', () => {
    const on = { ...before, backendServers: lists({ 8443: ['a', 'p'] }) };
    const withOff = (value: string) => ({
      ...on,
      policies: [auth('a'), proxy('p'), proxy('off', value)],
    });

    it.each([
      ['instead of the one that switches on', ['a', 'off']],
      ['beside it', ['a', 'off', 'p']],
    ])('%s', (_where, after) => {
      const steps = [set(after, 8443, ['a', 'p'])];
      expect(moved(steps, withOff('false'))).toEqual([]);
      expect(moved(steps, withOff('true'))).toEqual([
        'policy off: a PROXY policy with ProxyProtocol=false → another definition',
      ]);
    });

    it('is not held to either where the list has a policy that is not known', () => {
      const steps = [set(['a', 'off'], 8443, ['a', 'p'])];
      for (const value of ['true', 'false'])
        expect(moved(steps, { ...on, policies: [auth('a'), proxy('off', value)] })).toEqual([]);
    });
  });

  it('need not be there yet while its creation is still to come', () => {
    expect(moved(plan, before)).toEqual([]);
    expect(moved([set(['a', 'b', 'new'])], before)).toEqual([
      'policy new: a PROXY policy with ProxyProtocol=true → absent',
    ]);
  });

  it('is not asked after when it stood on the list before', () => {
    const fresh = { ...before, policies: [] };
    expect(moved([set(['b'])], fresh)).toEqual([]);
  });
});

describe('a policy that is to be made', () => {
  it.each([proxy('new'), proxy('new', 'false'), auth('new')])(
    'a policy that is to be made and is there already has moved',
    (present) => {
      const fresh = { ...before, policies: [...(before.policies ?? []), present] };
      expect(moved(plan, fresh)).toEqual([`policy new: absent → ${present.type}`]);
    },
  );
});

describe('a policy that is to be deleted', () => {
  it('a policy that is to be deleted and is gone has moved', () => {
    expect(moved([remove('unused')], { ...before, policies: [] })).toEqual([
      'policy unused: ProxyProtocolPolicyType → absent',
    ]);
  });

  it.each([
    auth('unused'),
    proxy('unused', 'false'),
    proxy('unused', null),
    { ...proxy('unused'), attributes: [...proxy('unused').attributes, { name: 'X', value: 'y' }] },
  ])('a policy that is to be deleted and is defined otherwise now has moved', (redefined) => {
    expect(moved([remove('unused')], { ...before, policies: [redefined] })).toEqual([
      'policy unused: as planned → another definition',
    ]);
  });

  it('is the same in another letter case of true', () => {
    expect(moved([remove('unused')], { ...before, policies: [proxy('unused', 'TRUE')] })).toEqual([]);
  });

  it('a policy that is to be deleted and is now on a port has changed, and each port is named', () => {
    const fresh = { ...before, backendServers: lists({ 1: ['unused'], 2: ['a', 'unused'], 3: ['a'] }) };
    expect(moved([remove('unused')], fresh)).toEqual([
      'policy unused: on no port → on instance port 1',
      'policy unused: on no port → on instance port 2',
    ]);
  });

  it('may be on a port whose list is still to be written', () => {
    expect(moved([set([], 9443, ['p']), remove('p')], before)).toEqual([]);
  });
});

describe('policies that were not read', () => {
  const unread = { ...before, policies: undefined };

  it('say nothing against a policy that is to be attached or made', () => {
    expect(moved([set(['a', 'b', 'p'])], unread)).toEqual([]);
    expect(moved([create], unread)).toEqual([]);
    expect(redefinedPolicies(set(['a', 'b', 'p']) as never, unread)).toEqual([]);
    expect(isDescribed('p', unread)).toBe(true);
  });

  it('do not show one that is to be deleted', () => {
    expect(moved([remove('unused')], unread)).toEqual(['policy unused: ProxyProtocolPolicyType → absent']);
  });
});

it('a policy is described where the answer names it', () => {
  expect([isDescribed('p', before), isDescribed('nope', before)]).toEqual([true, false]);
});

it('a policy that is attached beside one that is not known must still be a PROXY policy', () => {
  const fresh = { ...before, policies: [auth('a'), auth('p')] };
  expect(moved([set(['a', 'b', 'p'])], fresh)).toHaveLength(1);
  expect(redefinedPolicies(set(['a', 'b', 'p']) as never, fresh)).toEqual(['p']);
});

describe('a policy that is missing', () => {
  const own = (steps: readonly ClassicStep[], policies: LoadBalancer['policies']) =>
    drift(planChange(before, [8443], steps, []), steps, { ...before, policies }).map((one) => one.own);

  it('may be one that this run has made and that does not show yet; another definition may not', () => {
    expect(own([set(['a', 'b', 'p'])], [auth('a'), auth('b')])).toEqual([true]);
    expect(own([set(['a', 'b', 'p'])], [auth('a'), auth('b'), auth('p')])).toEqual([undefined]);
  });

  it('is not the one that a step still makes, unless it has another name', () => {
    const other: ClassicStep = { call: 'CreateLoadBalancerPolicy', ...policyFields(proxy('other')) };
    expect(moved([other, set(['a', 'b', 'new'])], before)).toEqual([
      'policy new: a PROXY policy with ProxyProtocol=true → absent',
    ]);
    expect(moved([remove('unused'), set(['a', 'b', 'unused'])], { ...before, policies: [] })).toHaveLength(2);
  });
});

it('a policy that is to be deleted has moved where only another port’s list is still to be written', () => {
  const fresh = { ...before, backendServers: lists({ 8443: ['a', 'b'], 9443: ['p'] }) };
  expect(moved([set(['a', 'b', 'unused']), remove('p')], fresh)).toEqual([
    'policy p: on no port → on instance port 9443',
  ]);
});

describe('a list that this run has written', () => {
  const written = (list: readonly string[], remaining: readonly ClassicStep[] = []) =>
    movedWritten([create, set(['a', 'b', 'new'])], remaining, {
      ...before,
      backendServers: lists({ 8443: list }),
    });
  const what = 'instance port 8443, which this run has written,';

  it('has not moved while it is as it was written', () => {
    expect(written(['a', 'b', 'new'])).toEqual([]);
  });

  it('has moved where someone changed it', () => {
    expect(written(['new'])).toEqual([{ what, expected: '[a, b, new]', found: '[new]', own: false }]);
  });

  it('may be shown as it was before', () => {
    expect(written(['a', 'b'])).toEqual([{ what, expected: '[a, b, new]', found: '[a, b]', own: true }]);
  });

  it('is judged by the step that writes it again, and by no other', () => {
    expect(written(['new'], [remove('unused'), set([], 8443)])).toEqual([]);
    expect(written(['new'], [remove('unused'), set([], 9443)])).toHaveLength(1);
  });
});

describe('the listeners of a port', () => {
  const change = (listeners: LoadBalancer['listeners'], steps: readonly ClassicStep[]) =>
    planChange({ ...before, listeners }, [8443, 9443], steps, []);
  const two = [listener(), listener({ loadBalancerPort: 80, protocol: 'SSL' })];

  it('have not moved where they are the same in another order, or where only another port’s are', () => {
    const other = listener({ loadBalancerPort: 444, instancePort: 9443 });
    expect(
      movedListeners(change(two, [set(['p'])]), { ...before, listeners: [...two.toReversed(), other] }),
    ).toEqual([]);
  });

  it('have moved where one was added, left or changed, and are named', () => {
    const moves = (listeners: LoadBalancer['listeners']) =>
      movedListeners(change(two, [create, set(['p'])]), { ...before, listeners });
    const what = 'the listeners of instance port 8443';
    const expected = 'SSL 80 to SSL, TCP 443 to TCP';
    expect(moves([])).toEqual([{ what, expected, found: 'none' }]);
    expect(moves([listener()])).toEqual([{ what, expected, found: 'TCP 443 to TCP' }]);
    expect(moves([...two, listener({ loadBalancerPort: 8080 })])).toEqual([
      { what, expected, found: `${expected}, TCP 8080 to TCP` },
    ]);
  });

  it('are compared for each port that is written', () => {
    const steps = [set(['p']), set(['p'], 9443, [])];
    const second = listener({ instancePort: 9443, loadBalancerPort: 444 });
    expect(
      movedListeners(change([listener()], steps), { ...before, listeners: [listener(), second] }),
    ).toEqual([{ what: 'the listeners of instance port 9443', expected: 'none', found: 'TCP 444 to TCP' }]);
  });
});

it('a list is shown in its order', () => {
  expect([showList(['b', 'a']), showList([])]).toEqual(['[b, a]', '[]']);
});
