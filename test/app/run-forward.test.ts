import { describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/app/apply-plan.js';
import type { GuardOptions } from '../../src/app/guard.js';
import type { LoadBalancer } from '../../src/core/model.js';
import type { Plan } from '../../src/core/plan.js';
import { simulateStep } from '../../src/core/simulate.js';
import { auth, listener, lists, web } from '../core/builders.js';
import { edge, group } from './edge.js';
import { type FakeCall, fakeLoadBalancing } from './fake-load-balancing.js';
import { fakeNetwork } from './fake-network.js';
import { fakeGuard } from './guards.js';
import { carriedOut, dependenciesOf, networkPlanned, planned, type RunOptions } from './run.js';

const policy = 'ProxyProtocol-enabled';
const start = (found: Partial<LoadBalancer> = {}): LoadBalancer =>
  web({
    listeners: [listener(), listener({ loadBalancerPort: 444, instancePort: 9443 })],
    policies: [auth('a')],
    backendServers: lists({ 8443: ['a'], 9443: ['a'] }),
    ...found,
  });
const names = ['web', 'zoo'];
const two = () => fakeLoadBalancing(...names.map((name) => start({ name, dnsName: `${name}.example` })));

/** A guard that passes, once it has done something of its own at each look. */
const guardThat = (look: (host: string) => void, all = false): GuardOptions => ({
  windowMs: 2000,
  holdMs: 2000,
  all,
  probes: [
    fakeGuard('tcp', ({ host }) => {
      look(host);
      return true;
    }),
  ],
});

/** Carries a plan out and asks it to stop at a call, or when `at` says so. */
async function interrupted(
  fake: ReturnType<typeof two>,
  request: Parameters<typeof planned>[1],
  at: (call: FakeCall) => boolean,
  guard?: (interrupt: () => void) => GuardOptions,
) {
  const plan = await planned(fake, request);
  const controller = new AbortController();
  fake.onCall = (call) => {
    if (at(call)) controller.abort();
    return 'pass';
  };
  const options: RunOptions = { signal: controller.signal, guard: guard?.(() => controller.abort()) };
  return carriedOut(fake, plan, options);
}

describe('a run that is asked to stop', () => {
  it('while it looks whether it may begin has written nothing, and says so', async () => {
    const { report } = await interrupted(two(), { ports: [8443] }, ({ action }) => action === 'read');
    expect(report).toMatchObject({
      outcome: 'unchanged',
      changeId: null,
      reason: 'interrupted; nothing was changed',
    });
  });

  it('while a guard looks at what is there before has written nothing either', async () => {
    const fake = two();
    const ran = await interrupted(
      fake,
      { names },
      () => false,
      (interrupt) => guardThat(interrupt),
    );
    expect(ran.report.reason).toBe('interrupted; nothing was changed');
    expect(fake.writes()).toEqual([]);
  });

  it('a run that is asked to stop without a guard keeps what it has done, and says that it ended half-way', async () => {
    const { report } = await interrupted(two(), { ports: [8443, 9443] }, ({ subject }) => subject === '8443');
    expect(report).toMatchObject({
      outcome: 'partial',
      reason: 'interrupted; the step in flight was finished and recorded',
    });
  });

  it('before a guard has seen what it has done takes that back, and says that as the reason', async () => {
    const fake = two();
    const { report } = await interrupted(
      fake,
      { ports: [8443, 9443] },
      ({ action, subject }) => action === 'set' && subject === '8443',
      () => guardThat(() => undefined, true),
    );
    expect(report).toMatchObject({
      outcome: 'rolled-back',
      error: { code: 'interrupted', message: 'interrupted before the guard had seen the change pass' },
    });
    expect(fake.list(8443)).toEqual(['a']);
  });

  it('while a guard watches takes back what it watches, for the same reason', async () => {
    const fake = two();
    let looks = 0;
    const { report } = await interrupted(
      fake,
      {},
      () => false,
      (interrupt) =>
        guardThat(() => {
          if (++looks === 3) interrupt();
        }),
    );
    expect(report).toMatchObject({
      outcome: 'rolled-back',
      error: { code: 'interrupted', message: 'interrupted before the guard had seen the change pass' },
    });
    expect(fake.state()).toEqual(start({ dnsName: 'web.example' }));
  });

  it.each([true, false])(
    'between two load balancers keeps the first, which a guard has seen pass, if there is one (%s)',
    async (isGuarded) => {
      const fake = two();
      const plan = await planned(fake, { names });
      const controller = new AbortController();
      const guard = isGuarded ? guardThat(() => undefined) : undefined;
      const report = await applyPlan(
        plan,
        { guard },
        {
          ...dependenciesOf(fake, { signal: controller.signal }),
          emit: ({ code }) => {
            if (code === 'load-balancer-done') controller.abort();
          },
        },
      );
      expect(report).toMatchObject({
        outcome: 'partial',
        reason: 'interrupted; the step in flight was finished and recorded',
        leftovers: [{ loadBalancer: 'web', kept: true }],
      });
      expect([fake.list(8443, 'web'), fake.list(8443, 'zoo')]).toEqual([['a', policy], ['a']]);
    },
  );
});

describe('what is read', () => {
  /** A service whose answer with the policies takes a while, so that it shows what is asked for meanwhile. */
  const slow = () => {
    const fake = two();
    const api = {
      ...fake.api,
      describeLoadBalancerPolicies: async (name: string) => {
        const policies = await fake.api.describeLoadBalancerPolicies(name);
        await new Promise((resolve) => setImmediate(resolve));
        fake.log.push('policies are there');
        return policies;
      },
    };
    return { ...fake, api };
  };

  it('last before a list is replaced is the list, also where the read has shown the step before', async () => {
    const fake = slow();
    await carriedOut(fake, await planned(fake));
    const until = fake.log.slice(0, fake.log.indexOf('set 8443'));
    expect(until.lastIndexOf('read web')).toBeGreaterThan(until.lastIndexOf('policies are there'));
    expect(until.lastIndexOf('read web')).toBeGreaterThan(until.lastIndexOf(`create ${policy}`));
  });

  it('is asked for at once if nothing is replaced: before the run begins, and after the last list is written', async () => {
    const fake = slow();
    await carriedOut(fake, await planned(fake));
    for (const log of [fake.log, fake.log.slice(fake.log.indexOf('set 8443'))])
      expect(log.indexOf('read web')).toBeLessThan(log.indexOf('policies are there'));
  });

  it('nothing is read of a Classic load balancer once a guard has seen it pass', async () => {
    const fake = two();
    const guard = guardThat(() => fake.log.push('journal look'));
    const { report } = await carriedOut(fake, await planned(fake), { guard });
    expect(report.outcome).toBe('applied');
    expect(fake.log.slice(fake.log.lastIndexOf('journal look') + 1)).toEqual(['journal end applied']);
    fake.log.length = 0;
    const disable = await planned(fake, { action: 'disable' });
    await carriedOut(fake, disable, { guard: { ...guard, all: true } });
    expect(fake.log.slice(fake.log.lastIndexOf('journal look') + 1)).toEqual(['journal end applied']);
  });
});

it('a list that someone replaces right after it was written stops the run, as a concurrent change', async () => {
  const fake = two();
  const plan = await planned(fake);
  fake.onEffect = (step) => {
    if (step.call === 'SetLoadBalancerPoliciesForBackendServer')
      fake.foreign((found) => simulateStep(found, { ...step, before: [], after: [policy] }));
  };
  const { report } = await carriedOut(fake, plan);
  expect(report).toMatchObject({ error: { code: 'concurrent-change' } });
  expect(report.reason).toContain('reading it back does not show what was written');
});

it('a list that someone replaces while the next one is written stops the run once all are written', async () => {
  const fake = two();
  const plan = await planned(fake, { ports: [8443, 9443] });
  fake.onEffect = (step) => {
    if (step.call === 'SetLoadBalancerPoliciesForBackendServer' && step.instancePort === 9443)
      fake.foreign((found) => simulateStep(found, { ...step, instancePort: 8443, after: [policy] }));
  };
  const { report } = await carriedOut(fake, plan);
  expect(report).toMatchObject({ outcome: 'partial', error: { code: 'concurrent-change' } });
  expect(fake.list(8443)).toEqual([policy]);
  expect(fake.list(9443)).toEqual(['a']);
});

describe('a plan for a Classic and a Network Load Balancer of one name', () => {
  it('completes the one before the other: what fails at the second leaves the first as it is', async () => {
    const classic = fakeLoadBalancing(start({ name: 'edge' }));
    const network = fakeNetwork([edge({ targetGroups: [group()] })]);
    const [first, second] = [await planned(classic, { names: ['edge'] }), await networkPlanned(network)];
    const both: Plan = { ...first, changes: [...first.changes, ...second.changes] };
    network.onCall = ({ action }) => (action === 'modify' ? { error: 'AccessDenied' } : 'pass');
    const { networkApi } = dependenciesOf(network);
    const report = await applyPlan(both, {}, { ...dependenciesOf(classic), networkApi });
    expect(report).toMatchObject({
      outcome: 'partial',
      error: { code: 'AccessDenied' },
      leftovers: [{ message: 'completed before the run stopped, and still in effect' }],
    });
    expect(classic.list(8443, 'edge')).toEqual(['a', policy]);
  });
});

/** As a service that gives no creation time has it recorded. */
const ageless = (plan: Plan): Plan => ({
  ...plan,
  changes: plan.changes.map((change) => ({
    ...change,
    loadBalancer: { ...change.loadBalancer, createdTime: undefined },
  })) as Plan['changes'],
});

describe('a plan that was made at another endpoint', () => {
  it.each([
    ['another', 'http://127.0.0.1:4580', 'http://127.0.0.1:4581'],
    ['AWS', 'http://127.0.0.1:4580', undefined],
  ])(
    'is refused at %s where no creation time was recorded, and nothing is asked there',
    async (_which, made, asked) => {
      const fake = two();
      const plan = { ...ageless(await planned(fake)), endpoint: made };
      const there = { ...fake, api: { ...fake.api, endpoint: asked } };
      const { report } = await carriedOut(there, plan);
      expect(report).toMatchObject({ outcome: 'refused', error: { code: 'other-endpoint' } });
      expect(fake.log).toEqual([]);
    },
  );

  it('is carried out where it is the same, written otherwise, or was not recorded, or the creation time was', async () => {
    for (const endpoint of ['http://LocalHost:80', undefined, 'http://127.0.0.1:4580']) {
      const fake = two();
      const plan = { ...(await planned(fake)), endpoint };
      const there = { ...fake, api: { ...fake.api, endpoint: 'http://localhost/' } };
      expect((await carriedOut(there, plan)).report.outcome).toBe('applied');
    }
  });
});
