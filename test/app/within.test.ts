import { describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/app/apply-plan.js';
import type { AppEvent } from '../../src/app/events.js';
import { within } from '../../src/app/within.js';
import { identityOf } from '../../src/core/model.js';
import { web } from '../core/builders.js';
import { fakeLoadBalancing } from './fake-load-balancing.js';
import { dependenciesOf, fakeClock, planned } from './run.js';

/** Alarms that ring when time is let pass. */
function alarms() {
  let now = 0;
  const set = new Set<{ at: number; ring: () => void }>();
  return {
    alarm: (ms: number, ring: () => void) => {
      const entry = { at: now + ms, ring };
      set.add(entry);
      return () => void set.delete(entry);
    },
    pass: (until: number) => {
      for (;;) {
        const [next] = [...set].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at);
        if (next === undefined) break;
        set.delete(next);
        now = next.at;
        next.ring();
      }
      now = until;
    },
    left: () => set.size,
  };
}

const loadBalancer = identityOf(web());
const never = new Promise<never>(() => undefined);

describe('a call that never answers', () => {
  it('is waited for until its deadline, and that is said after 5 s and every 15 s from then on', async () => {
    const events: AppEvent[] = [];
    const time = alarms();
    const clock = { ...fakeClock(), alarm: time.alarm };
    const waiting = within(never, loadBalancer, { clock, emit: (event) => events.push(event) });
    const ended = expect(waiting).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('web (us-east-1) within 60 s'),
      hint: expect.stringContaining('elb-proxy status web'),
    });
    time.pass(59_999);
    expect(events.map((event) => 'ms' in event && event.ms)).toEqual([5000, 20_000, 35_000, 50_000]);
    expect(events[0]).toMatchObject({ code: 'no-answer-yet', atMostMs: 60_000 });
    time.pass(60_000);
    await ended;
    expect(time.left()).toBe(0);
  });

  it('says nothing where the answer comes, or fails, in time', async () => {
    for (const answer of [Promise.resolve('it'), Promise.reject(new Error('no'))]) {
      const time = alarms();
      const clock = { ...fakeClock(), alarm: time.alarm };
      const emit = () => expect.unreachable();
      const settled = await Promise.allSettled([within(answer, loadBalancer, { clock, emit })]);
      expect(settled[0]?.status).toBe(await answer.then(() => 'fulfilled').catch(() => 'rejected'));
      time.pass(100_000);
    }
  });
});

it('a write that is never answered has one deadline a try, and is not known in the end', async () => {
  const fake = fakeLoadBalancing(web());
  const plan = await planned(fake);
  const dependencies = dependenciesOf(fake);
  fake.onCall = ({ action }) => (action === 'create' ? 'hang-before' : 'pass');
  // Every alarm of a minute rings at once, those that only say something never.
  const alarm = (ms: number, ring: () => void) => {
    const timer = ms === 60_000 ? setTimeout(ring, 20) : undefined;
    return () => clearTimeout(timer);
  };
  const { clock } = dependencies;
  const untimely = { ...fake.api, effectOf: () => 'unknown' as const };
  const report = await applyPlan(
    plan,
    {},
    { ...dependencies, api: async () => untimely, clock: { ...clock, alarm } },
  );
  expect(report).toMatchObject({ outcome: 'partial', error: { code: 'timeout' } });
  expect(report.changes[0]?.steps[0]).toMatchObject({ outcome: 'unknown' });
});
