import { describe, expect, it } from 'vitest';
import type { GuardOptions } from '../../src/app/guard.js';
import { changeToUndo, makeUndoPlan } from '../../src/app/undo.js';
import { auth, lists, web } from '../core/builders.js';
import { fakeLoadBalancing } from './fake-load-balancing.js';
import { fakeGuard } from './guards.js';
import { carriedOut, dependenciesOf, fakeJournal, planned } from './run.js';

const policy = 'ProxyProtocol-enabled';
const start = (name: string) => web({ name, policies: [auth('a')], backendServers: lists({ 8443: ['a'] }) });
const names = ['a', 'b', 'c'];
const three = () => fakeLoadBalancing(...names.map(start));

/** The list of the third load balancer can't be written. */
const thirdFails = (fake: ReturnType<typeof three>) => {
  fake.onCall = ({ action, name }) => (action === 'set' && name === 'c' ? { error: 'AccessDenied' } : 'pass');
  return fake;
};
const listsNow = (fake: ReturnType<typeof three>) => names.map((name) => fake.list(8443, name));

describe('a run over several load balancers that fails', () => {
  it('keeps those that were completed, puts the steps of the one that failed back, and says how to take back the rest', async () => {
    const fake = thirdFails(three());
    const plan = await planned(fake, { names });
    const { report, outcomes } = await carriedOut(fake, plan);
    expect(listsNow(fake)).toEqual([['a', policy], ['a', policy], ['a']]);
    expect(fake.policyNames('c')).toEqual(['a']);
    expect(outcomes).toEqual([
      ['done', 'done'],
      ['done', 'done'],
      ['rolled-back', 'failed'],
    ]);
    expect(report).toMatchObject({
      outcome: 'partial',
      error: { code: 'AccessDenied' },
      leftovers: ['a', 'b'].map((loadBalancer) => ({
        loadBalancer,
        harmless: false,
        message: 'completed before the run stopped, and still in effect',
        command: `elb-proxy undo ${report.changeId}`,
      })),
    });
  });

  it('reports how many are done', async () => {
    const fake = thirdFails(three());
    const { events } = await carriedOut(fake, await planned(fake, { names }));
    const done = events.flatMap((event) => (event.code === 'load-balancer-done' ? [event] : []));
    expect(done.map(({ loadBalancer, ...counts }) => [loadBalancer.name, counts.done, counts.total])).toEqual(
      [
        ['a', 1, 3],
        ['b', 2, 3],
      ],
    );
  });

  it('a run over several load balancers that fails with atomic puts all of them back', async () => {
    const fake = thirdFails(three());
    const { report } = await carriedOut(fake, await planned(fake, { names }), { atomic: true });
    expect(report).toMatchObject({ outcome: 'rolled-back', leftovers: [] });
    for (const name of names) expect(fake.state(name)).toEqual(start(name));
  });

  it('can be taken back by undo, which has nothing to do where the run put back itself', async () => {
    const fake = thirdFails(three());
    const journal = fakeJournal(fake.log);
    const { history } = await carriedOut(fake, await planned(fake, { names }), { journal });
    fake.onCall = () => 'pass';
    const undo = await makeUndoPlan(changeToUndo(history, undefined), dependenciesOf(fake, { journal }));
    expect((await carriedOut(fake, undo, { journal })).report.outcome).toBe('applied');
    for (const name of names) expect(fake.state(name)).toEqual(start(name));
  });

  it('a run over several load balancers that fails at the first one has nothing to keep', async () => {
    const fake = three();
    fake.onCall = ({ action }) => (action === 'set' ? { error: 'AccessDenied' } : 'pass');
    const { report } = await carriedOut(fake, await planned(fake, { names }));
    expect(report).toMatchObject({ outcome: 'rolled-back', leftovers: [] });
    expect(fake.writes().filter((line) => line.startsWith('create'))).toHaveLength(1);
  });

  it('rolls nothing back if nothing was written to the one that failed', async () => {
    const fake = three();
    fake.onCall = ({ action, name }) =>
      action === 'create' && name === 'b' ? { error: 'AccessDenied' } : 'pass';
    const { report, events } = await carriedOut(fake, await planned(fake, { names }));
    expect(report).toMatchObject({ outcome: 'partial', leftovers: [{ loadBalancer: 'a' }] });
    expect(events.filter(({ code }) => code === 'rolling-back')).toEqual([]);
  });

  it('a run over several load balancers that fails with rollback: false leaves also the steps of the one that failed', async () => {
    const fake = thirdFails(three());
    const { report } = await carriedOut(fake, await planned(fake, { names }), { rollback: false });
    expect(report.leftovers.map(({ loadBalancer }) => loadBalancer)).toEqual(names);
    expect(fake.policyNames('c')).toEqual(['a', policy]);
  });
});

describe('a guard over several load balancers', () => {
  /** Passes until the policy is on the list of `c`. */
  const guard = (fake: ReturnType<typeof three>, all: boolean): GuardOptions => ({
    probes: [
      fakeGuard('tcp', ({ host }) => !(host.startsWith('c') && fake.list(8443, 'c').includes(policy))),
    ],
    windowMs: 1000,
    holdMs: 1000,
    all,
  });
  const named = () =>
    fakeLoadBalancing(...names.map((name) => ({ ...start(name), dnsName: `${name}.example` })));

  it('that fails at one keeps those that passed, and looks again only at the one that was put back', async () => {
    const fake = named();
    const { report } = await carriedOut(fake, await planned(fake, { names }), { guard: guard(fake, false) });
    expect(listsNow(fake)).toEqual([['a', policy], ['a', policy], ['a']]);
    expect(report).toMatchObject({ outcome: 'partial', error: { code: 'guard-failed' } });
    const again = report.guard?.checks.filter(({ phase }) => phase === 'restored');
    expect(again?.map(({ loadBalancer }) => loadBalancer)).toEqual(['c']);
  });

  it('that looks once all are changed keeps none: until then none was seen to work', async () => {
    const fake = named();
    const { report } = await carriedOut(fake, await planned(fake, { names }), { guard: guard(fake, true) });
    expect(report).toMatchObject({ outcome: 'rolled-back', leftovers: [] });
    expect(listsNow(fake)).toEqual([['a'], ['a'], ['a']]);
  });
});
