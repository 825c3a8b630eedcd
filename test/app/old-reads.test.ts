import { describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/app/apply-plan.js';
import { simulateStep } from '../../src/core/simulate.js';
import { auth, listener, lists, proxy, web } from '../core/builders.js';
import { type FakeLoadBalancing, fakeLoadBalancing } from './fake-load-balancing.js';
import { dependenciesOf, planned } from './run.js';

const start = () =>
  web({
    listeners: [listener(), listener({ loadBalancerPort: 444, instancePort: 9443 })],
    policies: [auth('a'), auth('b'), proxy('p')],
    backendServers: lists({ 8443: ['a'], 9443: ['b'] }),
  });

/** Another operator puts his policy on the port. */
const foreign = (fake: FakeLoadBalancing) =>
  fake.foreign((found) =>
    simulateStep(found, {
      call: 'SetLoadBalancerPoliciesForBackendServer',
      instancePort: 8443,
      before: [],
      after: ['a', 'b'],
    }),
  );

/** A run on a clock that can be set, with a look right behind the last read before a write. */
async function ran(behindRead: (set: (ms: number) => void, nth: number) => void, fake: FakeLoadBalancing) {
  const plan = await planned(fake);
  const dependencies = dependenciesOf(fake);
  let offset = 0;
  let nth = 0;
  const { clock } = dependencies;
  const report = await applyPlan(
    plan,
    {},
    {
      ...dependencies,
      clock: { ...clock, now: () => new Date(clock.now().getTime() + offset) },
      // Asked right behind the read, and again when the write is about to leave.
      stillLocked: () => {
        behindRead((ms) => {
          offset += ms;
        }, ++nth);
        return true;
      },
    },
  );
  return { report, events: dependencies.events };
}

describe('a process that was suspended between the last read and the write', () => {
  it.each([
    ['woke up seconds later', 2500],
    ['woke up hours later', 3 * 3_600_000],
    ['woke up on a clock that was set back', -3_600_000],
  ])('%s: it reads again, and sees what another operator did meanwhile', async (_what, ms) => {
    const fake = fakeLoadBalancing(start());
    const { report } = await ran((set, nth) => {
      if (nth !== 1) return;
      set(ms);
      foreign(fake);
    }, fake);
    expect(report).toMatchObject({ outcome: 'refused', error: { code: 'stale-plan' } });
    expect(fake.writes()).toEqual([]);
    expect(fake.list(8443)).toEqual(['a', 'b']);
  });

  it('goes on where nothing has changed, and says why it read again', async () => {
    const fake = fakeLoadBalancing(start());
    const { report, events } = await ran((set, nth) => {
      if (nth === 1) set(2500);
    }, fake);
    expect(report.outcome).toBe('applied');
    expect(fake.writes()).toEqual(['set 8443']);
    expect(events).toContainEqual({ code: 'waiting', why: 'old-read', ms: 0 });
  });

  it('again and again gives up: nothing was sent, which is certain', async () => {
    const fake = fakeLoadBalancing(start());
    const { report } = await ran((set) => set(2500), fake);
    expect(report).toMatchObject({ outcome: 'refused', error: { code: 'not-sent' } });
    expect(fake.writes()).toEqual([]);
  });
});

describe('an answer to the last read that took long to come', () => {
  it.each([
    ['the lists', 'read', 2500],
    ['the policies', 'policies', 2500],
    ['the lists, over a clock that was set back', 'read', -60_000],
  ] as const)('(%s) is repeated before anything is based on it', async (_what, action, ms) => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    const dependencies = dependenciesOf(fake);
    let offset = 0;
    const { clock } = dependencies;
    // The second reading of a run that has made its plan is the one that the write rests on.
    fake.onCall = (call) => {
      if (call.action === action && call.nth === 2) {
        foreign(fake);
        offset += ms;
      }
      return 'pass';
    };
    const late = {
      ...fake.api,
      // What this answer shows was so before it was held up.
      async *describeLoadBalancers(names?: readonly string[]) {
        const before = fake.state();
        for await (const page of fake.api.describeLoadBalancers(names))
          yield action === 'read' &&
          offset !== 0 &&
          fake.log.filter((line) => line === 'read web').length === 2
            ? page.map((one) => ({ ...one, backendServers: before.backendServers }))
            : page;
      },
    };
    const report = await applyPlan(
      plan,
      {},
      {
        ...dependencies,
        api: async () => late,
        clock: { ...clock, now: () => new Date(clock.now().getTime() + offset) },
      },
    );
    expect(report).toMatchObject({ outcome: 'refused' });
    expect(fake.list(8443)).toEqual(['a', 'b']);
  });
});

describe('a clock that is set back while a write does not show', () => {
  it('does not extend the wait', async () => {
    const fake = fakeLoadBalancing(start());
    const plan = await planned(fake);
    const dependencies = dependenciesOf(fake);
    let offset = 0;
    const { clock } = dependencies;
    fake.lag = 10_000;
    await applyPlan(
      plan,
      {},
      {
        ...dependencies,
        settleMs: 20_000,
        clock: {
          now: () => new Date(clock.now().getTime() + offset),
          sleep: async (ms) => {
            offset -= 60_000;
            await clock.sleep(ms);
          },
        },
      },
    );
    const { slept } = dependencies.clock as unknown as { slept: readonly number[] };
    expect(slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(70_000);
  });
});
