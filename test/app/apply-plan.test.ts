import { describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/app/apply-plan.js';
import type { LoadBalancer } from '../../src/core/model.js';
import { simulateStep } from '../../src/core/simulate.js';
import { auth, listener, lists, proxy, web } from '../core/builders.js';
import { classicChanges } from '../helpers/classic-changes.js';
import { type FakeCall, fakeLoadBalancing, type Verdict } from './fake-load-balancing.js';
import { carriedOut, dependenciesOf, fakeJournal, planned, type RunOptions } from './run.js';

const policy = 'ProxyProtocol-enabled';

/** `web` with 8443 [a, b] and 9443 [b]. */
const start = (found: Partial<LoadBalancer> = {}): LoadBalancer =>
  web({
    listeners: [listener(), listener({ loadBalancerPort: 444, instancePort: 9443 })],
    policies: [auth('a'), auth('b')],
    backendServers: lists({ 8443: ['a', 'b'], 9443: ['b'] }),
    ...found,
  });

/** A script: what becomes of the nth call of an action, `{ 'set 1': 'throttled' }`. */
const script =
  (verdicts: Readonly<Record<string, Verdict>>) =>
  ({ action, nth }: FakeCall): Verdict =>
    verdicts[`${action} ${nth}`] ?? 'pass';

/** Another operator writes a list. */
const setList = (instancePort: number, after: readonly string[]) => (found: LoadBalancer) =>
  simulateStep(found, { call: 'SetLoadBalancerPoliciesForBackendServer', instancePort, before: [], after });

const read = ['policies web', 'read web'];

/** One failure takes back every load balancer of the plan. */
const atomic = { rollback: true, atomic: true } as RunOptions;

describe('the order of things', () => {
  it('is, after checking that it may begin, for each step: the intention on disk, a read, the call, its answer on disk, the read-back, which the next one builds on', async () => {
    const fake = fakeLoadBalancing(start());
    const { report } = await carriedOut(fake, await planned(fake));
    expect(report.outcome).toBe('applied');
    expect(fake.log).toEqual([
      ...read,
      'journal begin',
      `journal write ${policy}`,
      ...read,
      `create ${policy}`,
      'journal written done',
      ...read,
      'journal write 8443',
      'set 8443',
      'journal written done',
      ...read,
      'journal end applied',
    ]);
  });

  it('is reported as it happens: each step when it starts and when it is done, with its request id', async () => {
    const fake = fakeLoadBalancing(start());
    const { events, report } = await carriedOut(fake, await planned(fake));
    expect(events.map((event) => [event.code, 'step' in event && event.step.call])).toEqual([
      ['step-started', 'CreateLoadBalancerPolicy'],
      ['step-done', 'CreateLoadBalancerPolicy'],
      ['step-started', 'SetLoadBalancerPoliciesForBackendServer'],
      ['step-done', 'SetLoadBalancerPoliciesForBackendServer'],
    ]);
    expect(events.at(-1)).toMatchObject({ requestId: 'r-set-8443', answerLost: false });
    expect(report.changes[0]?.steps[1]).toMatchObject({ outcome: 'done', requestId: 'r-set-8443' });
  });

  it('a plan without steps makes no call, no journal and no change id', async () => {
    const fake = fakeLoadBalancing(start({ policies: [proxy('p')], backendServers: lists({ 8443: ['p'] }) }));
    const { report, journal } = await carriedOut(fake, await planned(fake));
    expect(report).toMatchObject({ outcome: 'unchanged', changeId: null, leftovers: [] });
    expect(report).not.toHaveProperty('error');
    expect(fake.log).toEqual([]);
    expect(journal.records).toEqual([]);
  });
});

describe('an interruption', () => {
  const interruptedAt = async (at: (call: FakeCall) => boolean, ports = [8443, 9443]) => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake, { ports });
    const controller = new AbortController();
    fake.onCall = (call) => {
      if (at(call)) controller.abort('SIGINT');
      return 'pass';
    };
    return { fake, ...(await carriedOut(fake, plan, { signal: controller.signal })) };
  };

  it('before any write changes nothing and leaves no journal', async () => {
    const fake = fakeLoadBalancing(start());
    const { report, journal } = await carriedOut(fake, await planned(fake), { signal: AbortSignal.abort() });
    expect(report).toMatchObject({ outcome: 'unchanged', changeId: null, error: { code: 'interrupted' } });
    expect(report.reason).toBe('interrupted; nothing was changed');
    expect(fake.log).toEqual([]);
    expect(journal.records).toEqual([]);
  });

  it('finishes and records the step in flight, begins no other, and puts nothing back', async () => {
    const { fake, report, outcomes, history } = await interruptedAt(({ action }) => action === 'set');
    expect(report).toMatchObject({ outcome: 'partial', error: { code: 'interrupted' } });
    expect(outcomes).toEqual([['done', 'done', 'not-run']]);
    expect(fake.list(8443)).toEqual(['a', 'b', policy]);
    expect(fake.list(9443)).toEqual(['b']);
    expect(fake.log.slice(-4)).toEqual(['journal written done', ...read, 'journal end partial']);
    expect(history.changes[0]?.steps).toEqual([['done', 'done', 'not-run']]);
  });

  it('names the command that puts back what was done', async () => {
    const { report } = await interruptedAt(({ action }) => action === 'set');
    expect(report.leftovers).toEqual([
      {
        loadBalancer: 'web',
        region: 'us-east-1',
        message: expect.any(String),
        harmless: false,
        kept: true,
        look: 'elb-proxy status web --region us-east-1',
        command: `elb-proxy undo ${report.changeId}`,
      },
    ]);
  });

  it('during the last step is too late to stop anything: the change is applied, and the report says that it was asked to stop', async () => {
    const { report, outcomes } = await interruptedAt(({ action }) => action === 'set', [8443]);
    expect(report).toMatchObject({ outcome: 'applied', leftovers: [], error: { code: 'interrupted' } });
    expect(report.reason).toContain('the change is complete');
    expect(outcomes).toEqual([['done', 'done']]);
  });

  it('while the service throttles ends the tries: what certainly did not happen is not left in doubt', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    const controller = new AbortController();
    fake.onCall = ({ action }) => {
      if (action !== 'set') return 'pass';
      controller.abort();
      return 'throttled';
    };
    const { report, outcomes } = await carriedOut(fake, plan, { signal: controller.signal });
    expect(report).toMatchObject({ outcome: 'partial', error: { code: 'interrupted' } });
    expect(outcomes).toEqual([['done', 'failed']]);
    expect(fake.writes()).toEqual([`create ${policy}`, 'set 8443']);
  });

  it('does not stop putting back what had already failed', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake, { ports: [8443, 9443] });
    const controller = new AbortController();
    fake.onCall = ({ action, nth }) => {
      if (action !== 'set' || nth === 1) return 'pass';
      if (nth === 2) return { error: 'AccessDenied' };
      // The way back is throttled at first, and tried again although the run is asked to stop.
      controller.abort();
      return nth === 3 ? 'throttled' : 'pass';
    };
    const { report } = await carriedOut(fake, plan, { signal: controller.signal });
    expect(report).toMatchObject({ outcome: 'rolled-back', error: { code: 'AccessDenied' } });
    expect(fake.state()).toEqual(start());
  });
});

describe('a journal that can’t be written', () => {
  it.each([1, 2])(
    'a journal that can’t be written at record %i, before the first call, sends nothing',
    async (failing) => {
      const fake = fakeLoadBalancing(start());
      const plan = await planned(fake);
      const journal = fakeJournal(fake.log);
      journal.onAppend = (_record, nth) => (nth === failing ? 'fail' : 'pass');
      const { report, outcomes } = await carriedOut(fake, plan, { journal });
      expect(report).toMatchObject({ outcome: 'unchanged', error: { code: 'journal' } });
      expect(outcomes).toEqual([['failed', 'not-run']]);
      expect(fake.writes()).toEqual([]);
    },
  );

  it('any more after the first call stops there, puts nothing back behind the journal’s back, and says what may be in effect', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    const journal = fakeJournal(fake.log);
    journal.onAppend = ({ record }, nth) => (nth >= 5 || record === 'end' ? 'fail' : 'pass');
    const { report, outcomes, events } = await carriedOut(fake, plan, { journal });
    expect(report).toMatchObject({ outcome: 'partial', error: { code: 'journal' } });
    // A read shows it, whatever the disk took.
    expect(outcomes).toEqual([['done', 'done']]);
    expect(fake.writes()).toEqual([`create ${policy}`, 'set 8443']);
    expect(fake.list(8443)).toEqual(['a', 'b', policy]);
    expect(report.leftovers[0]).toMatchObject({
      harmless: false,
      message: expect.stringMatching(/8443.*\[a, b, ProxyProtocol-enabled\].*\[a, b\].*the disk is full/),
      command: `elb-proxy undo ${report.changeId}`,
    });
    expect(events.at(-1)).toMatchObject({
      code: 'warning',
      message: expect.stringContaining('the disk is full'),
    });
  });

  it('a journal that can’t take a single record leaves nothing behind: everything is put back', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    const journal = fakeJournal(fake.log);
    journal.onAppend = (_record, nth) => (nth === 5 ? 'fail' : 'pass');
    const { report, outcomes, history } = await carriedOut(fake, plan, { journal });
    expect(report).toMatchObject({ outcome: 'rolled-back', error: { code: 'journal' }, leftovers: [] });
    expect(outcomes).toEqual([['rolled-back', 'rolled-back']]);
    expect(fake.state()).toEqual(start());
    expect(history.changes[0]?.steps).toEqual([['rolled-back', 'rolled-back']]);
  });

  it('a journal that can’t record the answer of a write that has not shown up yet does not make it undone: it is waited for', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    const journal = fakeJournal(fake.log);
    journal.onAppend = (_record, nth) => (nth === 5 ? 'fail' : 'pass');
    fake.lag = 3;
    const { report } = await carriedOut(fake, plan, { journal });
    expect(report).toMatchObject({ outcome: 'rolled-back', leftovers: [] });
    expect(fake.state()).toEqual(start());
  });

  it('while it is put back leaves that step unknown: it may be back, but is not known to be', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    const journal = fakeJournal(fake.log);
    journal.onAppend = ({ record }, nth) =>
      nth === 5 || (record === 'written' && nth > 5) || record === 'end' ? 'fail' : 'pass';
    const { report, outcomes, history } = await carriedOut(fake, plan, { journal });
    expect(report.outcome).toBe('partial');
    // The policy may be on the port still, so it is not touched.
    expect(outcomes).toEqual([['done', 'unknown']]);
    expect(history.changes[0]?.steps).toEqual([['done', 'unknown']]);
  });

  it('a journal that can’t be written at the end takes nothing back: it is only a warning', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    const journal = fakeJournal(fake.log);
    journal.onAppend = ({ record }) => (record === 'end' ? 'fail' : 'pass');
    const { report, events } = await carriedOut(fake, plan, { journal });
    expect(report.outcome).toBe('applied');
    expect(events.at(-1)).toMatchObject({
      code: 'warning',
      message: expect.stringContaining('end of the run'),
    });
  });
});

describe('an answer that is lost', () => {
  it('after the write was done is found by reading again: nothing is sent twice', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    fake.onCall = script({ 'set 1': 'lost-after' });
    const { report, events, journal } = await carriedOut(fake, plan);
    expect(report.outcome).toBe('applied');
    expect(fake.writes()).toEqual([`create ${policy}`, 'set 8443']);
    expect(events.at(-1)).toMatchObject({ code: 'step-done', answerLost: true });
    // What is on disk is what reading showed, not what the call said.
    expect(journal.records.at(-2)).toMatchObject({
      record: 'written',
      effect: 'done',
      errorCode: 'connection-lost',
    });
  });

  it('a write that was not done, and whose answer is lost, is written again, after a fresh read and patience', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    fake.onCall = script({ 'set 1': 'lost-before' });
    const { report, events } = await carriedOut(fake, plan);
    expect(report.outcome).toBe('applied');
    expect(fake.writes()).toEqual([`create ${policy}`, 'set 8443', 'set 8443']);
    const lines = fake.log.slice(fake.log.indexOf('set 8443'));
    expect(lines.slice(0, lines.lastIndexOf('set 8443'))).toEqual([
      'set 8443',
      'journal written unknown',
      ...Array.from({ length: 7 }, () => read).flat(),
      'journal write 8443',
      ...read,
    ]);
    expect(events).toContainEqual(expect.objectContaining({ code: 'waiting', why: 'answer-lost' }));
  });

  it('whose effect can’t be read is not judged: unknown, put back as far as it can be, and undo offered', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    let dead = false;
    fake.onCall = ({ action }) => {
      if (dead) return { error: 'unreachable-endpoint' };
      dead = action === 'set';
      return dead ? 'lost-after' : 'pass';
    };
    const { report, outcomes, history } = await carriedOut(fake, plan);
    expect(report).toMatchObject({ outcome: 'partial', error: { code: 'connection-lost' } });
    expect(outcomes).toEqual([['done', 'unknown']]);
    expect(history.changes[0]?.steps).toEqual([['done', 'unknown']]);
    expect(report.leftovers.map(({ harmless }) => harmless)).toEqual([false, false]);
  });

  it('a write whose answer is lost, and that shows only when it is about to be sent again, is ours all the same', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    // Seven reads of two calls each show the old list; the write takes effect at the fresh read after them.
    fake.onCall = script({ 'set 1': { late: 15 } });
    const { report, outcomes, history } = await carriedOut(fake, plan);
    expect(fake.list(8443)).toEqual(['a', 'b', policy]);
    expect(outcomes).toEqual([['done', 'done']]);
    expect(report.outcome).toBe('applied');
    expect(history.changes[0]?.steps).toEqual([['done', 'done']]);
    expect(fake.writes()).toEqual([`create ${policy}`, 'set 8443']);
  });

  it('a policy whose answer is lost, and that turns out to exist, is ours, and is taken back with the rest', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    fake.onCall = (call) =>
      call.action === 'set' ? { error: 'AccessDenied' } : script({ 'create 1': { late: 15 } })(call);
    const { report } = await carriedOut(fake, plan);
    expect(report).toMatchObject({ outcome: 'rolled-back', leftovers: [] });
    expect(fake.state()).toEqual(start());
  });

  it('is given up after some tries; whether one of them had an effect is not known', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    fake.onCall = ({ action }) => (action === 'set' ? 'lost-before' : 'pass');
    const { report, outcomes } = await carriedOut(fake, plan);
    expect(report).toMatchObject({ outcome: 'partial', error: { code: 'connection-lost' } });
    expect(outcomes).toEqual([['done', 'unknown']]);
    // Four on the way forward, and four on the way back.
    expect(fake.writes().filter((line) => line === 'set 8443')).toHaveLength(8);
  });

  it('is taken back by a call that the service takes, where the way back gets through', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    fake.onCall = ({ action, nth }) => (action === 'set' && nth <= 4 ? 'lost-before' : 'pass');
    const { report, outcomes } = await carriedOut(fake, plan);
    expect(report).toMatchObject({ outcome: 'rolled-back', error: { code: 'connection-lost' } });
    expect(outcomes).toEqual([['rolled-back', 'rolled-back']]);
    expect(fake.state()).toEqual(start());
  });
});

describe('tries that the user set', () => {
  it.each([
    [1, 'throttled'],
    [2, 'throttled'],
    [2, 'lost-before'],
  ] as const)('to %i hold for a write that is %s, too', async (maxAttempts, verdict) => {
    const fake = fakeLoadBalancing(start());
    const limited = { ...fake, api: { ...fake.api, maxAttempts } };
    const plan = await planned(limited);
    fake.onCall = ({ action }) => (action === 'set' ? verdict : 'pass');
    const { report } = await carriedOut(limited, plan);
    expect(report.outcome).toBe(verdict === 'throttled' ? 'rolled-back' : 'partial');
    // What may have been done is taken back by a call that is tried as often as it takes.
    expect(fake.writes().filter((line) => line === 'set 8443')).toHaveLength(
      verdict === 'throttled' ? maxAttempts : maxAttempts + 4,
    );
  });

  it.each([
    ['throttled', 'set', 2],
    ['throttled', 'policies', 7],
    ['throttled', 'read', 7],
    ['lost-before', 'set', 2],
    ['lost-before', 'policies', 7],
  ] as const)(
    'do not end the way back half-way: what is %s there is tried on (%s)',
    async (verdict, action, from) => {
      const fake = fakeLoadBalancing(start());
      const limited = { ...fake, api: { ...fake.api, maxAttempts: 1 } };
      const plan = await planned(limited, { ports: [8443, 9443] });
      let left = 3;
      fake.onCall = (call) => {
        // The second port is refused; from there on three of the calls that take the first one back fail.
        if (call.action === 'set' && call.subject === '9443') return { error: 'AccessDenied' };
        const back = fake.writes().includes('set 9443') && call.action === action && call.nth >= from;
        return back && left-- > 0 ? verdict : 'pass';
      };
      const { report } = await carriedOut(limited, plan);
      expect(left).toBeLessThanOrEqual(0);
      expect(report).toMatchObject({
        outcome: 'rolled-back',
        leftovers: [],
        error: { code: 'AccessDenied' },
      });
      expect(fake.state()).toEqual(start());
    },
  );

  it('do not make the way back endless: what is throttled on and on is left, and named', async () => {
    const fake = fakeLoadBalancing(start());
    const limited = { ...fake, api: { ...fake.api, maxAttempts: 1 } };
    const plan = await planned(limited, { ports: [8443, 9443] });
    fake.onCall = ({ subject }) =>
      subject === '9443'
        ? { error: 'AccessDenied' }
        : fake.writes().includes('set 9443')
          ? 'throttled'
          : 'pass';
    const { report } = await carriedOut(limited, plan);
    expect(report).toMatchObject({
      outcome: 'partial',
      leftovers: [{ command: `elb-proxy undo ${report.changeId}` }, { harmless: false }],
    });
    const since = fake.log.slice(fake.log.indexOf('set 9443'));
    expect(since.filter((line) => line.startsWith('policies'))).toHaveLength(6);
  });

  it('are not used up by a name that was taken first: that is reported in the plan’s own terms', async () => {
    const fake = fakeLoadBalancing(start());
    const limited = { ...fake, api: { ...fake.api, maxAttempts: 1 } };
    const plan = await planned(limited);
    fake.onCall = ({ action, nth }) => {
      if (action === 'create' && nth === 1)
        fake.foreign((found) => ({ ...found, policies: [...(found.policies ?? []), auth(policy)] }));
      return 'pass';
    };
    const { report } = await carriedOut(limited, plan);
    expect(report).toMatchObject({ outcome: 'refused', error: { code: 'stale-plan' } });
  });
});

describe('a throttled write', () => {
  it('is tried again, each time after reading afresh and waiting longer', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    fake.onCall = script({ 'set 1': 'throttled', 'set 2': 'throttled', 'set 3': 'throttled' });
    const { report, events } = await carriedOut(fake, plan);
    expect(report.outcome).toBe('applied');
    const sets = fake.log.flatMap((line, index) => (line === 'set 8443' ? [index] : []));
    expect(sets).toHaveLength(4);
    const [first = 0, ...again] = sets;
    expect(fake.log.slice(first - 3, first)).toEqual([...read, 'journal write 8443']);
    for (const index of again) {
      expect(fake.log.slice(index - 3, index)).toEqual(['journal write 8443', ...read]);
    }
    const waits = events.flatMap((event) => (event.code === 'waiting' ? [event.ms] : []));
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(new Set(waits).size).toBe(3);
  });

  it('is not sent again over what someone else wrote while it waited', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    fake.onCall = script({ 'set 1': 'throttled' });
    let foreign = false;
    const { report, outcomes } = await carriedOut(fake, plan, {
      onSleep: () => {
        if (!foreign) fake.foreign(setList(8443, ['b']));
        foreign = true;
      },
    });
    expect(report).toMatchObject({ outcome: 'rolled-back', error: { code: 'concurrent-change' } });
    expect(outcomes).toEqual([['rolled-back', 'not-run']]);
    expect(fake.list(8443)).toEqual(['b']);
    expect(fake.writes()).toEqual([`create ${policy}`, 'set 8443', `delete ${policy}`]);
  });

  it('forever is given up, as without effect', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    fake.onCall = ({ action }) => (action === 'create' ? 'throttled' : 'pass');
    const { report } = await carriedOut(fake, plan);
    expect(report).toMatchObject({ outcome: 'unchanged', error: { code: 'Throttling' } });
    expect(fake.writes()).toHaveLength(6);
  });
});

describe('a read-back', () => {
  it('that shows the old list for a while is repeated until it shows the new one', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    fake.lag = 3;
    const { report, events } = await carriedOut(fake, plan);
    expect(report.outcome).toBe('applied');
    // The policies are read before the list, so the new policy is seen one round later than the new list.
    expect(events.filter((event) => event.code === 'waiting')).toHaveLength(4 + 3);
    expect(fake.writes()).toHaveLength(2);
  });

  it('that can’t be made at first is repeated too', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    fake.onCall = script({
      'read 5': { error: 'InternalFailure' },
      'policies 6': { error: 'InternalFailure' },
    });
    expect((await carriedOut(fake, plan)).report.outcome).toBe('applied');
  });

  it('that never shows what the service confirmed leaves that open: unknown, neither done nor undone', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    fake.onCall = ({ action }) => {
      if (action === 'read') fake.foreign(setList(8443, ['a', 'b']));
      return 'pass';
    };
    const { report, outcomes, events } = await carriedOut(fake, plan);
    expect(report).toMatchObject({
      outcome: 'partial',
      error: { code: 'effect-not-known' },
      leftovers: [
        { look: 'elb-proxy status web --region us-east-1', command: `elb-proxy undo ${report.changeId}` },
        { harmless: false },
      ],
    });
    expect(outcomes).toEqual([['done', 'unknown']]);
    // A list that was never seen is not written over.
    expect(fake.writes()).toEqual([`create ${policy}`, 'set 8443']);
    expect(events).toContainEqual(expect.objectContaining({ code: 'not-shown-yet', atMostMs: 60_000 }));
  });

  it('that never comes although the service said yes leaves the step unknown, never done', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    let dead = false;
    fake.onCall = ({ action }) => {
      if (dead) return { error: 'unreachable-endpoint' };
      dead = action === 'set';
      return 'pass';
    };
    const { report, outcomes } = await carriedOut(fake, plan);
    expect(report).toMatchObject({ outcome: 'partial', error: { code: 'unreachable-endpoint' } });
    expect(outcomes).toEqual([['done', 'unknown']]);
  });

  it('that finds the load balancer gone proves nothing: it may be gone, or the answer stale', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    fake.onCall = ({ action, nth }) => {
      if (action === 'read' && nth === 4) fake.foreign(() => undefined);
      return 'pass';
    };
    const { report } = await carriedOut(fake, plan);
    expect(report).toMatchObject({
      outcome: 'partial',
      error: { code: 'effect-not-known' },
    });
  });
});

describe('putting back', () => {
  const thirdSetDenied = script({ 'set 2': { error: 'AccessDenied' } });

  it('goes through the same care as going forward, last step first', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake, { ports: [8443, 9443] });
    fake.onCall = thirdSetDenied;
    const { report, events, journal } = await carriedOut(fake, plan);
    expect(report).toMatchObject({
      outcome: 'rolled-back',
      leftovers: [],
      error: { requestId: 'r-AccessDenied' },
    });
    expect(fake.log.slice(fake.log.lastIndexOf('journal written none'))).toEqual([
      'journal written none',
      'journal back write 8443',
      ...read,
      'set 8443',
      'journal back written done',
      ...read,
      `journal back write ${policy}`,
      ...read,
      `delete ${policy}`,
      'journal back written done',
      ...read,
      'journal end rolled-back',
    ]);
    expect(events).toContainEqual({ code: 'rolling-back', reason: 'the service said AccessDenied' });
    expect(journal.records.at(-1)).toMatchObject({ outcome: 'rolled-back' });
    expect(fake.state()).toEqual(start());
  });

  it.each([
    ['added a policy to', ['a', 'b', policy, 'c']],
    ['reordered', [policy, 'a', 'b']],
    ['took a policy from', ['b', policy]],
  ])('leaves a list alone that someone else has %s since, and names the command', async (_what, foreign) => {
    const fake = fakeLoadBalancing(start({ policies: [auth('a'), auth('b'), auth('c')] }));
    const plan = await planned(fake, { ports: [8443, 9443] });
    fake.onCall = (call) => {
      if (call.action === 'set' && call.nth === 2) fake.foreign(setList(8443, foreign));
      return thirdSetDenied(call);
    };
    const { report, outcomes } = await carriedOut(fake, plan);
    expect(report.outcome).toBe('partial');
    expect(outcomes).toEqual([['done', 'done', 'failed']]);
    expect(fake.list(8443)).toEqual(foreign);
    expect(report.leftovers[0]).toMatchObject({
      harmless: false,
      message: expect.stringContaining(`it is [${foreign.join(', ')}]`),
      command: `elb-proxy undo ${report.changeId}`,
    });
    expect(fake.policyNames()).toContain(policy);
  });

  it('keeps the order that a list has got between the write and its read-back', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake, { ports: [8443, 9443] });
    fake.onCall = (call) => {
      if (call.action === 'policies' && fake.log.at(-2) === 'journal written done')
        if (fake.log.at(-3) === 'set 8443') fake.foreign(setList(8443, ['b', policy, 'a']));
      return thirdSetDenied(call);
    };
    expect((await carriedOut(fake, plan)).report.outcome).toBe('rolled-back');
    expect(fake.list(8443)).toEqual(['b', 'a']);
  });

  it('does not mistake a replaced list for one that was put back: the read may be older than the write', async () => {
    const fake = fakeLoadBalancing(start({ policies: [auth('a'), auth('b'), auth('c')] }));
    const plan = await planned(fake, { ports: [8443, 9443] });
    fake.onCall = (call) => {
      if (call.action === 'set' && call.nth === 2) fake.foreign(setList(8443, ['c']));
      return thirdSetDenied(call);
    };
    const { report } = await carriedOut(fake, plan);
    expect(report).toMatchObject({ outcome: 'partial', leftovers: [{ harmless: false }, {}] });
    expect(report.changes[0]?.steps.map(({ outcome }) => outcome)).toEqual(['done', 'unknown', 'failed']);
    expect(fake.list(8443)).toEqual(['c']);
    expect(fake.writes()).toEqual([`create ${policy}`, 'set 8443', 'set 9443']);
  });

  it('putting back touches nothing of a load balancer that another has replaced', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake, { ports: [8443, 9443] });
    fake.onCall = (call) => {
      if (call.action === 'set' && call.nth === 2)
        fake.foreign((found) => ({ ...found, createdTime: '2026-11-24T00:00:00.000Z' }));
      return thirdSetDenied(call);
    };
    const { report } = await carriedOut(fake, plan);
    expect(report.outcome).toBe('rolled-back');
    expect(fake.writes()).toEqual([`create ${policy}`, 'set 8443', 'set 9443']);
  });

  it('recreates a deleted policy before a list needs it', async () => {
    const before = start({ policies: [proxy('p'), auth('b')], backendServers: lists({ 8443: ['p'] }) });
    const fake = fakeLoadBalancing(before, {
      ...start(),
      name: 'zoo',
      backendServers: lists({ 8443: ['p'] }),
      policies: [proxy('p')],
    });
    const plan = await planned(fake, { action: 'disable', names: ['web', 'zoo'], deletePolicy: true });
    fake.onCall = script({ 'set 2': { error: 'AccessDenied' } });
    const { report } = await carriedOut(fake, plan, atomic);
    expect(report.outcome).toBe('rolled-back');
    expect(fake.writes().slice(-2)).toEqual(['create p', 'set 8443']);
    expect(fake.list(8443)).toEqual(['p']);
    expect(fake.policyNames().toSorted()).toEqual(['b', 'p']);
  });

  it('says that a policy that can’t be recreated is still deleted, which is not harmless', async () => {
    const before = start({ policies: [proxy('p')], backendServers: lists({}) });
    const zoo = { ...start(), name: 'zoo', policies: [proxy('p')], backendServers: lists({ 8443: ['p'] }) };
    const fake = fakeLoadBalancing(before, zoo);
    const plan = await planned(fake, { action: 'disable', names: ['web', 'zoo'], deletePolicy: true });
    fake.onCall = script({ 'set 1': { error: 'AccessDenied' }, 'create 1': { error: 'TooManyPolicies' } });
    const { report } = await carriedOut(fake, plan, atomic);
    expect(report).toMatchObject({
      outcome: 'partial',
      leftovers: [{ harmless: false, message: expect.stringMatching(/p is still deleted.*TooManyPolicies/) }],
    });
  });

  it.each([
    ['of another kind', auth('p')],
    ['that says false', proxy('p', 'false')],
  ])('never puts a policy on a port that was recreated %s', async (_what, redefined) => {
    const p = start({ policies: [proxy('p'), proxy('q')], backendServers: lists({ 8443: ['p'] }) });
    const fake = fakeLoadBalancing(p);
    const plan = await planned(fake, { action: 'disable', deletePolicy: true });
    expect(plan.changes[0]?.steps).toHaveLength(3);
    fake.onCall = ({ action, subject }) => {
      if (action !== 'delete' || subject !== 'q') return 'pass';
      fake.foreign((found) => ({ ...found, policies: [...(found.policies ?? []), redefined] }));
      return { error: 'AccessDenied' };
    };
    const { report } = await carriedOut(fake, plan);
    expect(report.outcome).toBe('partial');
    expect(report.leftovers.map(({ message }) => message)).toEqual([
      expect.stringContaining('policy p is still deleted (another policy has the name)'),
      expect.stringContaining('something else has redefined p, which was on its list'),
    ]);
    expect(fake.list(8443)).toEqual([]);
  });

  it('is left to the user with rollback: false, and only load balancers where something was done are named', async () => {
    const fake = fakeLoadBalancing(start(), { ...start(), name: 'zoo' });
    const plan = await planned(fake, { names: ['web', 'zoo'], ports: [8443, 9443] });
    fake.onCall = thirdSetDenied;
    const { report } = await carriedOut(fake, plan, { rollback: false });
    expect(report.outcome).toBe('partial');
    expect(report.leftovers.map(({ loadBalancer }) => loadBalancer)).toEqual(['web']);
    expect(fake.list(8443)).toEqual(['a', 'b', policy]);
    expect(fake.writes()).toEqual([`create ${policy}`, 'set 8443', 'set 9443']);
  });

  it('is not called partial with rollback: false where nothing had been done', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    fake.onCall = script({ 'create 1': { error: 'AccessDenied' } });
    const { report } = await carriedOut(fake, plan, { rollback: false });
    expect(report).toMatchObject({ outcome: 'unchanged', leftovers: [] });
  });
});

describe('several load balancers', () => {
  const two = () => fakeLoadBalancing(start(), { ...start(), name: 'zoo' });

  it('are each carried out, in the plan’s order', async () => {
    const fake = two();
    const { report } = await carriedOut(fake, await planned(fake, { names: ['zoo', 'web'] }));
    expect(report.outcome).toBe('applied');
    expect(fake.list(8443, 'zoo')).toEqual(['a', 'b', policy]);
    expect(fake.log.filter((line) => line.startsWith('read')).slice(0, 2)).toEqual(['read web', 'read zoo']);
  });

  it('several load balancers with a later stale one are stopped before the first write', async () => {
    const fake = two();
    const plan = await planned(fake, { names: ['web', 'zoo'] });
    fake.foreign(setList(8443, []), 'zoo');
    const { report } = await carriedOut(fake, plan);
    expect(report).toMatchObject({
      outcome: 'refused',
      changeId: null,
      error: { code: 'stale-plan', message: expect.stringMatching(/zoo.*\[a, b\], is \[\]/) },
    });
    expect(fake.writes()).toEqual([]);
  });

  it('several load balancers with a later one that changes meanwhile are all put back', async () => {
    const fake = two();
    const plan = await planned(fake, { names: ['web', 'zoo'] });
    fake.onCall = ({ action, nth }) => {
      if (action === 'set' && nth === 1) fake.foreign(setList(8443, ['b']), 'zoo');
      return 'pass';
    };
    const { report } = await carriedOut(fake, plan, atomic);
    expect(report).toMatchObject({
      outcome: 'rolled-back',
      error: {
        code: 'concurrent-change',
        message: expect.stringContaining('The next step was not written'),
      },
    });
    expect(fake.state('web')).toEqual(start());
    expect(fake.list(8443, 'zoo')).toEqual(['b']);
  });

  it('several load balancers with one that can’t be read are not started', async () => {
    const fake = two();
    const plan = await planned(fake, { names: ['web', 'zoo'] });
    fake.onCall = ({ name }) => (name === 'zoo' ? { error: 'AccessDenied' } : 'pass');
    const { report } = await carriedOut(fake, plan);
    expect(report).toMatchObject({ outcome: 'unchanged', error: { code: 'AccessDenied' } });
    expect(fake.writes()).toEqual([]);
  });

  it('are not read if they need no change', async () => {
    const done = { ...start(), name: 'done', policies: [proxy('p')], backendServers: lists({ 8443: ['p'] }) };
    const fake = fakeLoadBalancing(start(), done);
    const plan = await planned(fake, { names: ['web', 'done'] });
    const { report } = await carriedOut(fake, plan);
    expect(report.outcome).toBe('applied');
    expect(
      fake.log.filter((line) => line.includes('done')).filter((line) => !line.startsWith('journal')),
    ).toEqual([]);
  });
});

describe('an objection', () => {
  it('an objection to what is beyond PROXY policies is raised before anything is written', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    const hostile = {
      ...plan,
      changes: classicChanges(plan).map((change) => ({
        ...change,
        steps: change.steps.map((step) => ('after' in step ? { ...step, after: [policy] } : step)),
      })),
    };
    const { report } = await carriedOut(fake, hostile);
    expect(report).toMatchObject({
      outcome: 'refused',
      error: {
        code: 'plan-out-of-scope',
        message: expect.stringContaining('take a, which is not a PROXY policy, off'),
      },
    });
    expect(fake.writes()).toEqual([]);
  });

  it('an objection to a blocker that came up since the plan is raised, and can be overruled', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    fake.foreign((found) => ({ ...found, healthCheck: { target: 'HTTP:8443/' } }));
    const { report } = await carriedOut(fake, plan);
    expect(report).toMatchObject({
      outcome: 'refused',
      error: { code: 'blocked', hint: expect.stringContaining('--force http-health-check') },
    });
    expect(fake.writes()).toEqual([]);
    expect((await carriedOut(fake, plan, { forced: ['http-health-check'] })).report.outcome).toBe('applied');
  });

  it('is not raised to a blocker that the plan itself overrules', async () => {
    const fake = fakeLoadBalancing(start({ healthCheck: { target: 'HTTP:8443/' } }));
    const blocked = await planned(fake);
    expect((await carriedOut(fake, blocked)).report.error?.code).toBe('blocked');
    const forced = await planned(fake, { action: 'enable', forced: ['http-health-check'] });
    expect((await carriedOut(fake, forced)).report.outcome).toBe('applied');
  });

  it('is not raised to the blockers of enable when a plan disables', async () => {
    const fake = fakeLoadBalancing(
      start({
        healthCheck: { target: 'HTTP:8443/' },
        policies: [proxy('p')],
        backendServers: lists({ 8443: ['p'] }),
      }),
    );
    expect((await carriedOut(fake, await planned(fake, { action: 'disable' }))).report.outcome).toBe(
      'applied',
    );
  });

  it('is raised when a policy of the name to be created already exists, and reported for what it is: things have changed', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    fake.onCall = ({ action, nth }) => {
      if (action === 'create' && nth === 1)
        fake.foreign((found) => ({
          ...found,
          policies: [...(found.policies ?? []), proxy(policy, 'false')],
        }));
      return 'pass';
    };
    const { report } = await carriedOut(fake, plan);
    expect(report).toMatchObject({ outcome: 'refused', error: { code: 'stale-plan' } });
    expect(fake.policyNames()).toContain(policy);
    expect(fake.writes()).toEqual([`create ${policy}`]);
  });
});

describe('what goes wrong around a run', () => {
  it('is in the report, never thrown: also an API that can’t be opened', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    const report = await applyPlan(
      plan,
      {},
      {
        ...dependenciesOf(fake),
        api: async () => {
          throw new Error('no such region');
        },
      },
    );
    expect(report).toMatchObject({
      outcome: 'unchanged',
      changeId: null,
      error: { code: 'internal', message: 'no such region' },
    });
  });
});
