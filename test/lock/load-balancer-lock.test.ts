import { describe, expect, it } from 'vitest';
import type { AppEvent } from '../../src/app/events.js';
import { breakLock } from '../../src/app/lock-break.js';
import { loadBalancerLock } from '../../src/app/lock-load-balancer.js';
import { type Hold, holdOf, lockPolicy, lockPolicyName } from '../../src/app/lock-policy.js';
import { lockSight } from '../../src/app/lock-sight.js';
import { takeLocks } from '../../src/app/lock-wait.js';
import type { Lock } from '../../src/app/ports.js';
import { type FakeLoadBalancing, fakeLoadBalancing } from '../app/fake-load-balancing.js';
import { fakeClock, fakeJournal } from '../app/run.js';
import { web } from '../core/builders.js';

let nonces = 0;
const hold = (found: Partial<Hold> = {}): Hold => ({
  host: 'here',
  pid: 7,
  since: '2026-11-23T10:00:00.000Z',
  nonce: (++nonces).toString(16).padStart(16, '0'),
  ...found,
});

/** One operator with a clock and ears of its own. */
function operator(fake: FakeLoadBalancing, { timeoutMs = 60_000, newHold = () => hold() } = {}) {
  const events: AppEvent[] = [];
  const clock = fakeClock();
  const emit = (event: AppEvent): void => void events.push(event);
  const abort = new AbortController();
  const lock = loadBalancerLock(fake.api, 'web', newHold, { clock, emit });
  const journal = fakeJournal();
  const wait = { clock, emit, signal: abort.signal, timeoutMs, journal };
  return {
    lock,
    clock,
    events,
    abort,
    journal,
    take: (locks: readonly Lock[] = [lock]) => takeLocks(locks, wait),
  };
}

const put = (fake: FakeLoadBalancing, by: Hold): void =>
  fake.foreign((found) => ({ ...found, policies: [...(found.policies ?? []), lockPolicy(by)] }));

describe('the content of a lock', () => {
  it('comes back as it was, to the second, in characters that a cookie may have', () => {
    const mine = hold({ host: 'build-7.example', since: '2026-11-23T10:00:00.000Z' });
    expect(holdOf(lockPolicy(mine))).toEqual(mine);
    const strange = lockPolicy(hold({ host: 'héäd of\u001b[31m/x'.repeat(30) }));
    expect(strange.attributes[0]?.value).toMatch(/^[A-Za-z0-9.-]{1,200}$/);
    expect(holdOf(strange)?.pid).toBe(7);
  });

  it.each([
    'JSESSIONID',
    'elb-proxy',
    'elb-proxy.h.1.20261123T100000Z.',
    ' elb-proxy.h.1.20261123T100000Z.00000000',
  ])('is not a lock of ours: %j', (value) => {
    const policy = lockPolicy(hold());
    expect(holdOf({ ...policy, attributes: [{ name: 'CookieName', value }] })).toBeUndefined();
  });

  it('is not a lock of ours if its type is another', () => {
    expect(holdOf({ ...lockPolicy(hold()), type: 'ProxyProtocolPolicyType' })).toBeUndefined();
  });
});

describe('a lock in the load balancer', () => {
  it('is made, looked at, and taken off', async () => {
    const fake = fakeLoadBalancing(web());
    const { take, events } = operator(fake);
    const { release } = await take();
    expect(fake.policyNames()).toContain(lockPolicyName);
    await release();
    expect(fake.policyNames()).not.toContain(lockPolicyName);
    expect(fake.writes()).toEqual([`create ${lockPolicyName}`, `delete ${lockPolicyName}`]);
    expect(events).toEqual([]);
  });

  it('is waited for while it is held, then taken', async () => {
    const fake = fakeLoadBalancing(web());
    put(fake, hold({ host: 'there', pid: 9 }));
    fake.onCall = ({ action, nth }) => {
      if (action === 'policies' && nth === 8)
        fake.foreign((found) => ({
          ...found,
          policies: found.policies?.filter(({ name }) => name !== lockPolicyName),
        }));
      return 'pass';
    };
    const { take, events } = operator(fake);
    await take();
    expect(events).toEqual([
      {
        code: 'warning',
        message: expect.stringMatching(
          /^waiting for load balancer web \(us-east-1\): locked by process 9 on there, since 2026-11-23T10:00:00Z \(\d+ s ago\); at most \d+ s more$/,
        ),
      },
    ]);
    const sight = await lockSight(fake.api, 'web');
    expect(sight).toMatchObject({ kind: 'hold', hold: { host: 'here' } });
  });

  it('is not waited for longer than the timeout; nothing is left behind', async () => {
    const fake = fakeLoadBalancing(web());
    const theirs = hold({ host: 'there' });
    put(fake, theirs);
    const { take } = operator(fake, { timeoutMs: 5_000 });
    await expect(take()).rejects.toMatchObject({ code: 'locked', fault: 'world' });
    expect(await lockSight(fake.api, 'web')).toEqual({ kind: 'hold', hold: theirs });
    expect(fake.writes()).toEqual([`create ${lockPolicyName}`]);
  });

  it('is not waited for if its run on this host is dead: the error has the command that removes it', async () => {
    const fake = fakeLoadBalancing(web());
    put(fake, hold({ pid: 9 }));
    const { take, clock, journal } = operator(fake);
    const began = clock.now().getTime();
    journal.liveness = () => 'over';
    await expect(take()).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(
        /process 9 on here, which is no longer running, since [^,]*ago\)\. Nothing/,
      ),
      hint: 'remove its lock with: elb-proxy unlock web --region us-east-1',
    });
    expect(clock.now().getTime() - began).toBeLessThan(1000);
  });

  it('is read once more if its run has just ended, since it may be released by now', async () => {
    const fake = fakeLoadBalancing(web());
    put(fake, hold({ pid: 9 }));
    const { take, journal } = operator(fake);
    journal.liveness = () => {
      fake.foreign((found) => ({
        ...found,
        policies: found.policies?.filter(({ name }) => name !== lockPolicyName),
      }));
      return 'over';
    };
    await take();
    expect(await lockSight(fake.api, 'web')).toMatchObject({ kind: 'hold', hold: { pid: 7 } });
  });

  it.each(['lost-before', 'lost-after', 'throttled'] as const)(
    'is made once, and known as ours, if its creation was %s',
    async (verdict) => {
      const fake = fakeLoadBalancing(web());
      fake.onCall = ({ action, nth }) => (action === 'create' && nth === 1 ? verdict : 'pass');
      const { take, events } = operator(fake);
      const { release } = await take();
      await release();
      expect(fake.policyNames()).not.toContain(lockPolicyName);
      expect(events).toEqual([]);
    },
  );

  it('is still known as ours if it shows up late, after its answer was lost', async () => {
    const fake = fakeLoadBalancing(web());
    fake.onCall = ({ action, nth }) => (action === 'create' && nth === 1 ? { late: 2 } : 'pass');
    const { take } = operator(fake);
    const { release } = await take();
    await release();
    expect(fake.policyNames()).not.toContain(lockPolicyName);
  });

  it('is taken off where its answer was lost and the wait was broken off', async () => {
    const fake = fakeLoadBalancing(web());
    const { take, abort } = operator(fake);
    fake.onCall = ({ action, nth }) => {
      if (action === 'policies' && nth === 1) abort.abort();
      return action === 'create' ? { late: 2 } : 'pass';
    };
    await expect(take()).rejects.toMatchObject({ code: 'interrupted' });
    expect(fake.policyNames()).not.toContain(lockPolicyName);
  });

  it('is had by one of ten that ask at once', async () => {
    const fake = fakeLoadBalancing(web());
    const attempts = await Promise.all(
      Array.from({ length: 10 }, (_, pid) =>
        operator(fake, { newHold: () => hold({ pid: pid + 1 }) }).lock.attempt(),
      ),
    );
    expect(attempts.filter(({ kind }) => kind === 'taken')).toHaveLength(1);
  });

  it('is not believed to be ours if the service silently takes a second policy of the name', async () => {
    const fake = fakeLoadBalancing(web());
    put(fake, hold({ host: 'there' }));
    const { api } = fake;
    const careless = { ...fake, api: { ...api, createLoadBalancerPolicy: async () => ({}) } };
    const { lock } = operator(careless);
    expect(await lock.attempt()).toMatchObject({ kind: 'held', holder: { host: 'there' } });
  });

  it("is reported in the service's words if it may not be made, and the locks before it are released", async () => {
    const fake = fakeLoadBalancing(web());
    let released = 0;
    const before: Lock = {
      target: { name: 'a', region: 'us-east-1' },
      attempt: async () => ({
        kind: 'taken',
        release: async () => void released++,
        stillHeld: () => true,
      }),
    };
    fake.onCall = ({ action }) => (action === 'create' ? { error: 'AccessDenied' } : 'pass');
    const { take, lock } = operator(fake);
    await expect(take([before, lock])).rejects.toMatchObject({ code: 'AccessDenied' });
    expect(released).toBe(1);
  });

  it('is reported with the command that takes it off if that fails', async () => {
    const fake = fakeLoadBalancing(web());
    const { take, events } = operator(fake);
    const { release } = await take();
    fake.onCall = ({ action }) => (action === 'delete' ? { error: 'AccessDenied' } : 'pass');
    await release();
    expect(events).toEqual([
      { code: 'warning', message: expect.stringContaining('elb-proxy unlock web --region us-east-1') },
    ]);
  });

  it.each(['lost-before', 'lost-after', 'throttled'] as const)(
    'is taken off even if the call was %s',
    async (verdict) => {
      const fake = fakeLoadBalancing(web());
      const { take, events } = operator(fake);
      const { release } = await take();
      fake.onCall = ({ action, nth }) => (action === 'delete' && nth === 1 ? verdict : 'pass');
      await release();
      expect(fake.policyNames()).not.toContain(lockPolicyName);
      expect(events).toEqual([]);
    },
  );

  it('is left to its new holder if it was broken and taken meanwhile', async () => {
    const fake = fakeLoadBalancing(web());
    const mine = hold();
    const { take, events } = operator(fake, { newHold: () => mine });
    const { release } = await take();
    await breakLock(fake.api, 'web', mine, fakeClock());
    const theirs = hold({ host: 'there' });
    put(fake, theirs);
    await release();
    expect(await lockSight(fake.api, 'web')).toEqual({ kind: 'hold', hold: theirs });
    expect(events).toMatchObject([{ message: expect.stringContaining('removed by someone else') }]);
  });
});

describe('breaking a lock', () => {
  it('takes off the one that was shown, and no other', async () => {
    const fake = fakeLoadBalancing(web());
    const theirs = hold({ host: 'there' });
    put(fake, theirs);
    await expect(breakLock(fake.api, 'web', hold(), fakeClock())).rejects.toMatchObject({
      code: 'concurrent-change',
    });
    expect(await breakLock(fake.api, 'web', theirs, fakeClock())).toBe(true);
    expect(await breakLock(fake.api, 'web', theirs, fakeClock())).toBe(false);
  });
});
