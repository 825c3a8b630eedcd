import { describe, expect, it } from 'vitest';
import { type HistoryEntry, history, interruptedChanges, unseenChanges } from '../../src/app/history.js';
import { changeToUndo, makeUndoPlan } from '../../src/app/undo.js';
import type { LoadBalancer } from '../../src/core/model.js';
import { type Action, planChange, plan as planOf } from '../../src/core/plan.js';
import type { JournalRecord } from '../../src/core/record.js';
import { simulateStep } from '../../src/core/simulate.js';
import { auth, listener, lists, proxy, web } from '../core/builders.js';
import { type FakeLoadBalancing, fakeLoadBalancing, type Verdict } from './fake-load-balancing.js';
import { carriedOut, dependenciesOf, type FakeJournal, fakeJournal, planned } from './run.js';

const policy = 'ProxyProtocol-enabled';
const start = (found: Partial<LoadBalancer> = {}): LoadBalancer =>
  web({
    listeners: [listener(), listener({ loadBalancerPort: 444, instancePort: 9443 })],
    policies: [auth('a'), auth('b')],
    backendServers: lists({ 8443: ['a', 'b'], 9443: ['b'] }),
    ...found,
  });
const setList = (instancePort: number, after: readonly string[]) => (found: LoadBalancer) =>
  simulateStep(found, { call: 'SetLoadBalancerPoliciesForBackendServer', instancePort, before: [], after });

/** Runs until a call hangs, as if the process had been killed there; gives what the journal then knows. */
async function killed(fake: FakeLoadBalancing, at: string, verdict: Verdict, journal: FakeJournal) {
  const plan = await planned(fake, { ports: [8443, 9443] });
  await new Promise<void>((resolve) => {
    fake.onCall = ({ action, nth }) => {
      if (`${action} ${nth}` !== at) return 'pass';
      setImmediate(resolve);
      return verdict;
    };
    void carriedOut(fake, plan, { journal });
  });
  fake.onCall = () => 'pass';
  return newest(journal);
}

async function newest(journal: FakeJournal): Promise<HistoryEntry> {
  const [entry] = (await history(journal)).changes;
  if (entry === undefined) throw new Error('the journal is empty');
  return entry;
}

const undoPlan = (entry: HistoryEntry, fake: FakeLoadBalancing) => makeUndoPlan(entry, dependenciesOf(fake));
const undone = async (entry: HistoryEntry, fake: FakeLoadBalancing) =>
  carriedOut(fake, await undoPlan(entry, fake));

describe('an interrupted change', () => {
  it.each([
    ['create 1', 'hang-before'],
    ['create 1', 'hang-after'],
    ['set 1', 'hang-before'],
    ['set 1', 'hang-after'],
    ['set 2', 'hang-before'],
    ['set 2', 'hang-after'],
    ['read 4', 'hang-before'],
  ] as const)('that was killed at %s (%s) is put back whole', async (at, verdict) => {
    const fake = fakeLoadBalancing(start());
    const entry = await killed(fake, at, verdict, fakeJournal());
    expect(entry.outcome).toBe('open');
    const ran = await undone(entry, fake);
    expect(['applied', 'unchanged']).toContain(ran.report.outcome);
    expect(fake.state()).toEqual(start());
  });

  it('that was killed before a step took effect has that list written once more: a read alone is not believed', async () => {
    const fake = fakeLoadBalancing(start());
    const entry = await killed(fake, 'set 2', 'hang-before', fakeJournal());
    expect(entry.steps).toEqual([['done', 'done', 'unknown']]);
    expect((await undoPlan(entry, fake)).changes[0]?.steps).toMatchObject([
      { instancePort: 9443, before: ['b'], after: ['b'] },
      { instancePort: 8443, before: ['a', 'b', policy], after: ['a', 'b'] },
      { call: 'DeleteLoadBalancerPolicy', policyName: policy },
    ]);
  });

  it('whose step in flight met someone else’s list is not guessed at', async () => {
    const fake = fakeLoadBalancing(start());
    const entry = await killed(fake, 'set 2', 'hang-before', fakeJournal());
    fake.foreign(setList(9443, []));
    await expect(undoPlan(entry, fake)).rejects.toMatchObject({
      code: 'stale-plan',
      message: expect.stringMatching(
        /9443 was left as \[b, ProxyProtocol-enabled\], is \[\].*Nothing was written/,
      ),
      hint: expect.stringContaining('elb-proxy disable web --port 8443,9443'),
    });
  });

  it('is one that is open, whose process is gone, and that was not undone', async () => {
    const fake = fakeLoadBalancing(start());
    const journal = fakeJournal();
    const entry = await killed(fake, 'set 1', 'hang-after', journal);
    const ids = async () => interruptedChanges(await history(journal)).map(({ changeId }) => changeId);
    expect(await ids()).toEqual([entry.changeId]);
    journal.liveness = () => 'running';
    expect(await ids()).toEqual([]);
    journal.liveness = () => 'unknown';
    expect(await ids()).toEqual([]);
    expect(unseenChanges(await history(journal))).toMatchObject([{ changeId: entry.changeId }]);
    journal.liveness = () => 'over';
    await carriedOut(fake, await undoPlan(entry, fake), { journal });
    expect(await ids()).toEqual([]);
  });
});

describe('an undo', () => {
  const applied = async (fake: FakeLoadBalancing, request = {}) => {
    const ran = await carriedOut(fake, await planned(fake, request));
    expect(ran.report.outcome).toBe('applied');
    return newest(ran.journal);
  };

  it('an undo of an enable takes off what it put on, last first, and deletes the policy that it made', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await undoPlan(await applied(fake, { ports: [8443, 9443] }), fake);
    expect(plan).toMatchObject({ action: 'undo', pending: true, undoes: expect.stringContaining('change-') });
    expect(
      plan.changes[0]?.steps.map((step) => ('instancePort' in step ? step.instancePort : step.call)),
    ).toEqual([9443, 8443, 'DeleteLoadBalancerPolicy']);
  });

  it('leaves a policy that it did not make', async () => {
    const before = start({ policies: [auth('a'), auth('b'), proxy('p')] });
    const fake = fakeLoadBalancing(before);
    await undone(await applied(fake), fake);
    expect(fake.state()).toEqual(before);
  });

  it.each([
    ['with other attributes', { deletePolicy: true }, proxy('p', 'false'), 'policy p was left as absent'],
    ['of another kind', { deletePolicy: true }, auth('p'), 'policy p was left as absent'],
    [
      'with other attributes where it had been kept',
      {},
      proxy('p', 'false'),
      'ProxyProtocol=true, is another',
    ],
  ])('an undo of a disable refuses where its policy was recreated %s', async (_how, request, p, why) => {
    const before = start({ policies: [auth('a'), proxy('p')], backendServers: lists({ 8443: ['a', 'p'] }) });
    const fake = fakeLoadBalancing(before);
    const entry = await applied(fake, { action: 'disable', ...request });
    fake.foreign((found) => ({ ...found, policies: [auth('a'), p] }));
    await expect(undoPlan(entry, fake)).rejects.toMatchObject({
      code: 'stale-plan',
      message: expect.stringContaining(why),
    });
  });

  it('an undo of a disable takes the policy that was recreated as it was', async () => {
    const before = start({ policies: [auth('a'), proxy('p')], backendServers: lists({ 8443: ['a', 'p'] }) });
    const fake = fakeLoadBalancing(before);
    const entry = await applied(fake, { action: 'disable', deletePolicy: true });
    fake.foreign((found) => ({ ...found, policies: [auth('a'), proxy('p', 'True')] }));
    const { report } = await undone(entry, fake);
    expect(report.outcome).toBe('applied');
    expect(fake.list(8443)).toEqual(['a', 'p']);
  });

  it('puts a false policy back that enable took off, in its place', async () => {
    const before = start({
      policies: [auth('a'), auth('b'), proxy('off', 'false')],
      backendServers: lists({ 8443: ['a', 'off', 'b'] }),
    });
    const fake = fakeLoadBalancing(before);
    const entry = await applied(fake);
    expect(fake.list(8443)).toEqual(['a', 'b', policy]);
    expect((await undone(entry, fake)).report.outcome).toBe('applied');
    expect(fake.state()).toEqual(before);
  });

  it('keeps the policy that it created if it has since been attached to another port', async () => {
    const fake = fakeLoadBalancing(start());
    const entry = await applied(fake);
    fake.foreign(setList(9443, ['b', policy]));
    const ran = await undone(entry, fake);
    expect(ran.report.outcome).toBe('applied');
    expect(fake.list(8443)).toEqual(['a', 'b']);
    expect(fake.list(9443)).toEqual(['b', policy]);
    expect(fake.policyNames()).toContain(policy);
  });

  it('has nothing to do if everything was put back by hand, once the change is older than any read', async () => {
    const fake = fakeLoadBalancing(start());
    const entry = await applied(fake);
    fake.foreign(() => start());
    const old = { ...entry, lastAt: '2026-11-23T09:00:00.000Z' };
    expect(await undoPlan(old, fake)).toMatchObject({ pending: false, changes: [{ steps: [] }] });
  });

  it('an undo of a young change writes a list once more that reads as it was before: the read may be behind', async () => {
    const fake = fakeLoadBalancing(start());
    const entry = await applied(fake);
    const now = fake.state();
    fake.foreign(() => start());
    const plan = await undoPlan(entry, fake);
    expect(plan).toMatchObject({
      pending: true,
      changes: [{ steps: [{ instancePort: 8443, before: ['a', 'b'], after: ['a', 'b'] }] }],
    });
    // The read was old: the plan has moved, and is made again from what shows now.
    fake.foreign(() => now);
    expect((await carriedOut(fake, plan)).report).toMatchObject({ outcome: 'refused' });
    await undone(entry, fake);
    expect(fake.state()).toEqual(start());
  });

  it.each([undefined, 1])(
    'whose answer was lost is sent again although its goal shows: that was so before the change, too (tries: %s)',
    async (maxAttempts) => {
      const fake = fakeLoadBalancing(start());
      const entry = await applied(fake);
      const plan = await undoPlan(entry, fake);
      const limited = { ...fake, api: { ...fake.api, maxAttempts } };
      fake.onCall = ({ action, nth }) => (action === 'set' && nth === 2 ? 'lost-after' : 'pass');
      expect((await carriedOut(limited, plan)).report.outcome).toBe('applied');
      expect(fake.writes().slice(2)).toEqual(['set 8443', 'set 8443', `delete ${policy}`]);
      expect(fake.state()).toEqual(start());
    },
  );

  it('an undo of which no call was answered is not known to be done, whatever reads show', async () => {
    const fake = fakeLoadBalancing(start());
    const entry = await applied(fake);
    fake.onCall = ({ action }) => (action === 'set' ? 'lost-after' : 'pass');
    const { report, outcomes } = await undone(entry, fake);
    expect(report).toMatchObject({ outcome: 'partial', error: { code: 'connection-lost' } });
    expect(outcomes).toEqual([['unknown', 'not-run']]);
  });

  it('that makes a policy again, and gets no answer, learns from the second refusal that it is there', async () => {
    const before = start({ policies: [auth('a'), proxy('p')], backendServers: lists({ 8443: ['a', 'p'] }) });
    const fake = fakeLoadBalancing(before);
    const entry = await applied(fake, { action: 'disable', deletePolicy: true });
    fake.onCall = ({ action, nth }) => (action === 'create' && nth === 1 ? 'lost-after' : 'pass');
    const { report } = await undone(entry, fake);
    expect(report.outcome).toBe('applied');
    expect(fake.writes().slice(2)).toEqual(['create p', 'create p', 'set 8443']);
    expect(fake.state()).toEqual(before);
  });

  it('keeps the order that a list has got since', async () => {
    const fake = fakeLoadBalancing(start());
    const entry = await applied(fake);
    fake.foreign(setList(8443, [policy, 'b', 'a']));
    expect((await undone(entry, fake)).report.outcome).toBe('applied');
    expect(fake.list(8443)).toEqual(['b', 'a']);
  });

  it('does not write over a list that was put into another order while its answer was lost', async () => {
    const fake = fakeLoadBalancing(start());
    const entry = await applied(fake);
    const plan = await undoPlan(entry, fake);
    fake.log.length = 0;
    fake.onCall = ({ action, nth }) => {
      if (action !== 'set' && fake.writes().length > 0) fake.foreign(setList(8443, ['b', 'a']));
      return action === 'set' && nth === 1 ? 'lost-after' : 'pass';
    };
    expect((await carriedOut(fake, plan)).report.outcome).toBe('partial');
    expect(fake.list(8443)).toEqual(['b', 'a']);
  });

  it('has nothing to do for a change that was rolled back', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    fake.onCall = ({ action, nth }) => (action === 'set' && nth === 1 ? { error: 'AccessDenied' } : 'pass');
    const { journal, report } = await carriedOut(fake, plan);
    expect(report.outcome).toBe('rolled-back');
    expect((await undoPlan(await newest(journal), fake)).pending).toBe(false);
  });

  it('refuses where something else has redefined the policy that it would delete', async () => {
    const fake = fakeLoadBalancing(start());
    const entry = await applied(fake);
    fake.foreign((found) => ({
      ...setList(8443, ['a', 'b'])(found),
      policies: [auth('a'), auth('b'), proxy(policy, 'false')],
    }));
    await expect(undoPlan(entry, fake)).rejects.toThrow(/another definition.*Nothing was written/);
  });

  it.each(['dnsName', 'createdTime', 'accountId'] as const)(
    'refuses another load balancer that took the name (%s)',
    async (field) => {
      const fake = fakeLoadBalancing(start());
      const entry = await applied(fake);
      fake.foreign((found) => ({ ...found, [field]: '2027-01-01T00:00:00.000Z' }));
      await expect(undoPlan(entry, fake)).rejects.toMatchObject({ code: 'stale-plan' });
      expect(fake.list(8443)).toContain(policy);
    },
  );

  it('the refusal of a disable’s undo points to enable where a list has moved, that of an undo’s undo to status', async () => {
    const on = start({ policies: [proxy('p'), auth('b')], backendServers: lists({ 8443: ['p'] }) });
    const fake = fakeLoadBalancing(on);
    const entry = await applied(fake, { action: 'disable' });
    const undo = await undone(entry, fake);
    fake.foreign(setList(8443, ['b']));
    await expect(undoPlan(entry, fake)).rejects.toMatchObject({
      hint: expect.stringContaining('elb-proxy enable web --port 8443 --region us-east-1'),
    });
    await expect(undoPlan(await newest(undo.journal), fake)).rejects.toMatchObject({
      hint: 'look at what is there now: elb-proxy status web --region us-east-1',
    });
  });

  it('carries the hazards of what it does: of enable where it switches on, of disable where it switches off', async () => {
    const healthCheck = { target: 'HTTP:8443/' };
    const on = start({ policies: [proxy('p')], backendServers: lists({ 8443: ['p'] }), healthCheck });
    const fake = fakeLoadBalancing(on);
    const disabled = await applied(fake, { action: 'disable' });
    const codes = async (entry: HistoryEntry) =>
      (await undoPlan(entry, fake)).changes[0]?.hazards.map(({ code }) => code);
    expect(await codes(disabled)).toContain('http-health-check');
    const back = await undone(disabled, fake);
    expect(await codes(await newest(back.journal))).not.toContain('http-health-check');
  });

  it('an undo of several load balancers puts back those that are left when one is gone, and says so', async () => {
    const fake = fakeLoadBalancing(start(), { ...start(), name: 'zoo' });
    const entry = await applied(fake, { names: ['web', 'zoo'] });
    fake.foreign(() => undefined, 'zoo');
    const lastAt = new Date(Date.parse(entry.lastAt) - 11 * 60_000).toISOString();
    const dependencies = dependenciesOf(fake);
    const left: unknown[] = [];
    const onLeft = (one: unknown) => left.push(one);
    const plan = await makeUndoPlan({ ...entry, lastAt }, { ...dependencies, onLeft });
    expect(left).toEqual([]);
    expect(plan.changes.map(({ loadBalancer }) => loadBalancer.name)).toEqual(['web']);
    expect(dependencies.events).toEqual([
      { code: 'warning', message: expect.stringMatching(/zoo \(us-east-1\) is gone/) },
    ]);
    await carriedOut(fake, plan);
    expect(fake.state()).toEqual(start());
  });

  it('right after the change, does not take a load balancer for gone that is not found, nor the change for undone', async () => {
    const fake = fakeLoadBalancing(start(), { ...start(), name: 'zoo' });
    const journal = fakeJournal();
    await carriedOut(fake, await planned(fake, { names: ['web', 'zoo'] }), { journal });
    const entry = await newest(journal);
    fake.foreign(() => undefined, 'zoo');
    const dependencies = dependenciesOf(fake);
    const left: unknown[] = [];
    const plan = await makeUndoPlan(entry, { ...dependencies, onLeft: (one) => left.push(one) });
    expect(left).toEqual([
      {
        loadBalancer: 'zoo',
        region: 'us-east-1',
        message: `load balancer zoo (us-east-1) was not found, and may be as change ${entry.changeId} left it`,
        harmless: false,
        look: 'elb-proxy status zoo --region us-east-1',
        command: `elb-proxy undo ${entry.changeId}`,
      },
    ]);
    expect(dependencies.events).toEqual([
      {
        code: 'warning',
        message: expect.stringMatching(/does not find load balancer zoo .* elb-proxy undo /),
      },
    ]);
    expect((await carriedOut(fake, plan, { journal })).report.outcome).toBe('applied');
    const { changes } = await history(journal);
    expect(changes.map(({ undoneBy }) => undoneBy)).toEqual([undefined, undefined]);
  });

  it('an undo of several load balancers is not stopped by one where the change did nothing', async () => {
    const done = { ...start(), name: 'done', policies: [proxy('p')], backendServers: lists({ 8443: ['p'] }) };
    const fake = fakeLoadBalancing(start(), done);
    const entry = await applied(fake, { names: ['web', 'done'] });
    fake.foreign((found) => ({ ...found, createdTime: '2027-01-01T00:00:00.000Z' }), 'done');
    expect((await undone(entry, fake)).report.outcome).toBe('applied');
    expect(fake.state()).toEqual(start());
  });

  it('an undo of load balancers that are all gone is an error: it may be the wrong account', async () => {
    const fake = fakeLoadBalancing(start());
    const entry = await applied(fake);
    fake.foreign(() => undefined);
    await expect(undoPlan(entry, fake)).rejects.toMatchObject({
      code: 'LoadBalancerNotFound',
      fault: 'user',
      message: expect.stringContaining('web (us-east-1)'),
      hint: expect.stringContaining('account'),
    });
  });

  it('an undo of several load balancers that are all gone names each of them', async () => {
    const fake = fakeLoadBalancing(start(), start({ name: 'zoo' }));
    const entry = await applied(fake, { names: ['web', 'zoo'] });
    for (const name of ['web', 'zoo']) fake.foreign(() => undefined, name);
    await expect(undoPlan(entry, fake)).rejects.toThrow(
      'was made on: load balancer web (us-east-1), load balancer zoo (us-east-1)',
    );
  });

  it('an undo of a change that did nothing does nothing', async () => {
    const fake = fakeLoadBalancing(start());
    const entry = await applied(fake);
    const empty = { ...entry, plan: { ...entry.plan, changes: [] }, steps: [] };
    expect(await undoPlan(empty, fake)).toMatchObject({ pending: false, changes: [] });
  });

  it('takes a change for young for ten minutes, unless it was undone since', async () => {
    const fake = fakeLoadBalancing(start());
    const entry = await applied(fake);
    fake.foreign(() => start());
    const now = Date.parse('2026-11-23T12:00:00.000Z');
    const clock = { now: () => new Date(now), sleep: async () => undefined };
    const isPending = async (minutes: number, more: Partial<HistoryEntry> = {}) => {
      const lastAt = new Date(now - minutes * 60_000).toISOString();
      const plan = await makeUndoPlan({ ...entry, lastAt, ...more }, { ...dependenciesOf(fake), clock });
      return plan.pending;
    };
    expect([await isPending(9.99), await isPending(10)]).toEqual([true, false]);
    expect(await isPending(1, { undoneBy: 'another' })).toBe(false);
  });

  it('carries the endpoint of its run', async () => {
    const fake = fakeLoadBalancing(start());
    const entry = await applied(fake);
    const there = { ...fake, api: { ...fake.api, endpoint: 'http://127.0.0.1:4580' } };
    expect(await undoPlan(entry, there)).toMatchObject({ endpoint: 'http://127.0.0.1:4580' });
  });

  it('an undo of a change that was made at another endpoint is refused where no creation time was recorded, before anything is asked', async () => {
    const fake = fakeLoadBalancing(start());
    const entry = await applied(fake);
    const changes = entry.plan.changes.map((change) => ({
      ...change,
      loadBalancer: { ...change.loadBalancer, createdTime: undefined },
    })) as typeof entry.plan.changes;
    const elsewhere = { ...entry, plan: { ...entry.plan, changes, endpoint: 'http://127.0.0.1:4580' } };
    fake.log.length = 0;
    await expect(undoPlan(elsewhere, fake)).rejects.toMatchObject({
      code: 'other-endpoint',
      fault: 'world',
      message: expect.stringContaining("http://127.0.0.1:4580, and this run asks AWS's own"),
      hint: expect.stringContaining(`elb-proxy undo ${entry.changeId} --endpoint-url http://127.0.0.1:4580`),
    });
    expect(fake.log).toEqual([]);
  });

  it('an undo of a load balancer whose reading fails is an error, not "gone"', async () => {
    const fake = fakeLoadBalancing(start());
    const entry = await applied(fake);
    fake.onCall = () => ({ error: 'AccessDenied' });
    await expect(undoPlan(entry, fake)).rejects.toMatchObject({ code: 'AccessDenied' });
  });
});

describe('the change that is undone', () => {
  const begin = (changeId: string, action: Action, undoes?: string): JournalRecord => ({
    formatVersion: 1,
    record: 'begin',
    changeId,
    at: '2026-11-23T10:00:00.000Z',
    holder: { pid: 42, host: 'here' },
    plan: planOf(action, [planChange(start(), [8443], [], [])], {
      tool: 't',
      createdAt: new Date(0),
      undoes,
    }),
  });
  const chosen = async (records: readonly JournalRecord[], changeId?: string, running = false) => {
    const journal = fakeJournal();
    journal.records.push(...records);
    journal.liveness = () => (running ? 'running' : 'over');
    return changeToUndo(await history(journal), changeId).changeId;
  };
  const past = [begin('a', 'enable'), begin('b', 'disable'), begin('u', 'undo', 'b')];

  it('is the newest that is not an undo itself', async () => {
    expect(await chosen(past)).toBe('b');
  });

  it('is the one that is named, an undo too', async () => {
    expect(await chosen(past, 'u')).toBe('u');
    expect(await chosen(past, 'a')).toBe('a');
  });

  it('does not exist if none was made, or only undos', async () => {
    await expect(chosen([])).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('nothing to undo'),
      hint: 'take the PROXY protocol off with: elb-proxy disable NAME --port N (or --target-group GROUP)',
    });
    await expect(chosen([begin('u', 'undo', 'x')])).rejects.toMatchObject({ code: 'usage' });
  });

  it('is none of those that were put aside, which are not said to be nothing', async () => {
    const journal = fakeJournal();
    const aside = { ...journal, read: async () => ({ records: [], warnings: [], older: true }) };
    const recent = await history(aside, 'recent');
    expect(() => changeToUndo(recent, undefined)).toThrow(/only older ones/);
    expect(() => changeToUndo(recent, undefined)).not.toThrow(/no change was made/);
  });

  it('does not exist under an unknown name', async () => {
    await expect(chosen(past, 'zzz')).rejects.toMatchObject({
      message: expect.stringContaining('zzz'),
      hint: expect.stringContaining('elb-proxy history'),
    });
  });

  it('is not an older one because a newer one can’t be read, unless it is named', async () => {
    const journal = fakeJournal();
    journal.records.push(begin('a', 'enable'));
    const { records } = journal;
    const read = async () => ({ records, warnings: [], lost: [{ what: 'line 2', after: 'a' }] });
    const found = await history({ ...journal, read });
    expect(() => changeToUndo(found, undefined)).toThrow('line 2. The one before it is change a');
    expect(changeToUndo(found, 'a').changeId).toBe('a');
  });

  it('is never one that is still running', async () => {
    await expect(chosen(past, 'b', true)).rejects.toMatchObject({
      code: 'still-running',
      fault: 'world',
      message: expect.stringContaining('process 42'),
      hint: expect.stringContaining('wait for it to end'),
    });
  });

  it('is no longer running once its end is recorded, whatever process has its id now', async () => {
    const ended: JournalRecord = {
      formatVersion: 1,
      record: 'end',
      changeId: 'b',
      at: '2026-11-23T10:00:01.000Z',
      outcome: 'applied',
    };
    expect(await chosen([...past, ended], 'b', true)).toBe('b');
  });
});
