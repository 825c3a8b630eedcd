import { describe, expect, it } from 'vitest';
import { type Watch, watchPorts } from '../../src/app/guard/watch-ports.js';
import type { GuardWatcher, Looked } from '../../src/app/guard/watcher.js';
import type { Clock } from '../../src/app/ports.js';
import { listener, web } from '../core/builders.js';
import { fakeLoadBalancing } from './fake-load-balancing.js';
import { fakeGuard } from './guards.js';
import { planned } from './run.js';

/** Time that moves only by sleeping; several who sleep wake in the order of their times. */
function sharedClock(jump: (ms: number) => number = (ms) => ms): Clock & { readonly at: () => number } {
  let time = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  const turn = (): void => {
    const next = sleepers.toSorted((one, other) => one.at - other.at)[0];
    if (next === undefined) return;
    sleepers.splice(sleepers.indexOf(next), 1);
    time = Math.max(time, next.at);
    next.wake();
  };
  return {
    at: () => time,
    now: () => new Date(time),
    sleep: (ms) =>
      new Promise((wake) => {
        sleepers.push({ at: time + jump(ms), wake });
        // Once everything else is asleep, too.
        setTimeout(turn);
      }),
  };
}

interface Script {
  readonly name?: string;
  readonly holdMs?: number;
  readonly everyMs?: number;
  readonly patient?: boolean;
  readonly passes: (nth: number) => boolean | Readonly<Record<string, boolean>>;
}

/** A watch that sees what a script says, and how often it looked. */
function scripted({ name = 'probe', holdMs = 10_000, everyMs = 1000, patient = true, passes }: Script) {
  const state = { looks: 0 };
  const look = async (): Promise<Looked> => {
    const seen = passes(++state.looks);
    const targets = typeof seen === 'boolean' ? { target: seen } : seen;
    return {
      sights: Object.entries(targets).map(([target, passed]) => ({
        target,
        passed,
        seen: passed ? 'up' : 'down',
        ms: 1,
      })),
    };
  };
  const watcher: GuardWatcher = {
    before: look,
    look,
    everyMs: () => everyMs,
    patient,
    holdMs: () => undefined,
    noticesAfterMs: () => undefined,
  };
  const watch: Watch = {
    name,
    watcher,
    holdMs,
    record: ({ sights }) =>
      sights.map((sight) => ({
        ...sight,
        phase: 'after' as const,
        probe: name,
        loadBalancer: 'web',
        instancePort: 1,
        at: '',
      })),
  };
  return { state, watch };
}

const never = new AbortController().signal;
const run = (watches: readonly { readonly watch: Watch }[], clock: Clock, windowMs = 30_000) =>
  watchPorts(
    watches.map(({ watch }) => watch),
    windowMs,
    never,
    clock,
    () => undefined,
  );

describe('a watch of several guards', () => {
  it('goes on looking with all of them until the last one has held', async () => {
    const clock = sharedClock();
    const short = scripted({ holdMs: 2000, passes: () => true });
    const long = scripted({ holdMs: 60_000, everyMs: 3000, passes: () => true });
    expect(await run([short, long], clock)).toBe('passed');
    expect(clock.at()).toBe(60_000);
    expect(short.state.looks).toBeGreaterThan(50);
  });

  it('fails when one that has held long ago fails', async () => {
    const clock = sharedClock();
    const short = scripted({ name: 'short', holdMs: 2000, passes: (nth) => nth < 30 });
    const long = scripted({ name: 'long', holdMs: 60_000, passes: () => true });
    expect(await run([short, long], clock)).toMatchObject({
      message: expect.stringContaining('the guard short at target failed after the change'),
    });
    expect(clock.at()).toBeLessThan(31_000);
  });

  it('looks twice or more, however short the hold', async () => {
    const one = scripted({ holdMs: 0, passes: () => true });
    expect(await run([one], sharedClock())).toBe('passed');
    expect(one.state.looks).toBe(2);
  });

  it('does not wait for a window with what is final', async () => {
    const clock = sharedClock();
    const alarm = scripted({ patient: false, passes: () => false });
    expect(await run([alarm], clock)).toMatchObject({ code: 'guard-failed' });
    expect(clock.at()).toBe(0);
  });

  it('fails for a target that passed and then fails, while another one has yet to pass', async () => {
    const clock = sharedClock();
    const nodes = scripted({ passes: (nth) => ({ a: nth < 3, b: false }) });
    expect(await run([nodes], clock)).toMatchObject({
      message: expect.stringContaining('at a failed after'),
    });
    expect(clock.at()).toBeLessThan(5000);
  });
});

describe('time during which nothing was watched', () => {
  it('does not count: a process that slept for an hour has not watched for one', async () => {
    let slept = false;
    const clock = sharedClock((ms) => {
      if (slept) return ms;
      slept = true;
      return 3_600_000;
    });
    const one = scripted({ holdMs: 60_000, passes: () => true });
    expect(await run([one], clock)).toBe('passed');
    // Of the hour twenty seconds count, the rest was watched.
    expect(one.state.looks).toBeGreaterThan(40);
  });

  it('does not count in favour either: what fails after it is taken back at once', async () => {
    const clock = sharedClock(() => 3_600_000);
    const one = scripted({ holdMs: 60_000, passes: (nth) => nth === 1 });
    expect(await run([one], clock)).toMatchObject({ code: 'guard-failed' });
  });
});

describe('an address of the name', () => {
  const name = 'web-1.us-east-1.elb.amazonaws.com';
  const found = web({ listeners: [listener()] });

  async function watcherOf(
    addresses: (at: number) => readonly string[],
    passes: (address: string) => boolean,
  ) {
    let time = 0;
    const clock: Clock = { now: () => new Date(time), sleep: async () => undefined };
    const plan = await planned(fakeLoadBalancing(found), { ports: [8443] });
    const [change] = plan.changes;
    if (change === undefined) throw new Error('no change');
    const guard = fakeGuard('http:/', ({ host }) => passes(host), {
      clock,
      addresses: () => addresses(time),
    });
    const watcher = guard.watcherOf(change, 8443);
    await watcher.before();
    return async (at: number) => {
      time = at;
      const { sights, notes = [] } = await watcher.look();
      return { targets: sights.map(({ target }) => target), notes };
    };
  }

  it('that is not in one answer is still looked at: a name with many addresses leads to some of them at a time', async () => {
    const look = await watcherOf(
      (at) => (at === 0 ? ['192.0.2.1', '192.0.2.2'] : ['192.0.2.1']),
      () => true,
    );
    expect(await look(1000)).toEqual({ targets: ['192.0.2.1:443', '192.0.2.2:443'], notes: [] });
  });

  it('that is gone for a minute is dropped, which is said', async () => {
    const look = await watcherOf(
      (at) => (at === 0 ? ['192.0.2.1', '192.0.2.2'] : ['192.0.2.1']),
      () => true,
    );
    await look(1000);
    expect(await look(61_000)).toEqual({
      targets: ['192.0.2.1:443'],
      notes: [`192.0.2.2 left ${name}, and is no longer watched`],
    });
  });

  it('that fails is not dropped', async () => {
    const look = await watcherOf(
      (at) => (at === 0 ? ['192.0.2.1', '192.0.2.2'] : ['192.0.2.1']),
      (address) => address !== '192.0.2.2',
    );
    await look(1000);
    expect((await look(61_000)).targets).toEqual(['192.0.2.1:443', '192.0.2.2:443']);
  });
});
