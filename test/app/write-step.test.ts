import { describe, expect, it } from 'vitest';
import type { AppEvent } from '../../src/app/events.js';
import type { Switched } from '../../src/app/switched.js';
import { writeStep } from '../../src/app/write-step.js';
import type { Sight } from '../../src/core/sight.js';
import { type ClassicStep, policyFields } from '../../src/core/step.js';
import { ElbProxyError } from '../../src/errors.js';
import { proxy, web } from '../core/builders.js';
import { fakeClock, fakeJournal } from './run.js';

const set: ClassicStep = {
  call: 'SetLoadBalancerPoliciesForBackendServer',
  instancePort: 8443,
  before: ['a'],
  after: ['a', 'p'],
};
const create: ClassicStep = { call: 'CreateLoadBalancerPolicy', ...policyFields(proxy('p')) };

const failure = (code: string) =>
  new ElbProxyError(`it said ${code}`, { code, fault: 'service', requestId: `of-${code}` });
const refused = failure('AccessDenied');
const lost = failure('timeout');
const throttled = failure('Throttling');
const taken = failure('DuplicatePolicyName');
const incomplete = failure('incomplete-answer');

interface Given {
  readonly step?: ClassicStep;
  readonly direction?: 'forward' | 'back';
  readonly undoes?: boolean;
  /** What each read shows, or fails with; the last stays. */
  readonly reads?: readonly (Sight | ElbProxyError)[];
  /** What each call comes to; the last stays. */
  readonly calls?: readonly ('taken' | ElbProxyError)[];
  readonly check?: (call: number) => string | undefined;
  readonly stillLocked?: () => boolean;
  /** Milliseconds between the last read and the call. */
  readonly gapMs?: number;
  /** Milliseconds that each read takes off the clock, without looking slow. */
  readonly readMs?: number;
  readonly shownAs?: readonly string[];
  readonly maxAttempts?: number;
}

const before: Sight = { kind: 'before' };
const after: Sight = { kind: 'after' };

/** Writes a step to a service with scripted reads and answers. */
async function wrote({ reads = [before, after], calls = ['taken'], ...given }: Given) {
  const clock = fakeClock();
  const journal = fakeJournal();
  const events: AppEvent[] = [];
  let [read, call] = [0, 0];
  const switched: Switched = {
    loadBalancer: { name: 'web', region: 'us-east-1' },
    maxAttempts: given.maxAttempts,
    effectOf: (error) => (error === lost ? 'unknown' : error === throttled ? 'throttled' : 'no'),
    read: async () => {
      const shown = reads[Math.min(read++, reads.length - 1)];
      clock.jump(given.readMs ?? 0);
      if (shown instanceof ElbProxyError) throw shown;
      return { fresh: web({ scheme: JSON.stringify(shown) }), at: clock.now().getTime(), tookMs: 0 };
    },
    movedFrom: () => [],
    sightOf: (_step, fresh) => JSON.parse((fresh as { scheme?: string }).scheme ?? ''),
    without: (_step, fresh) => fresh,
    call: async () => {
      const answer = calls[Math.min(call++, calls.length - 1)];
      if (answer instanceof ElbProxyError) throw answer;
      return { requestId: 'one' };
    },
    objection: () => undefined,
    objectionBack: () => undefined,
    ...(given.shownAs === undefined
      ? {}
      : { shownAs: () => ({ list: given.shownAs ?? [], message: 'in another order' }) }),
  };
  const result = await writeStep(
    {
      switched,
      step: given.step ?? set,
      reference: { change: 0, step: 0, direction: given.direction ?? 'forward' },
      check: () => {
        clock.jump(given.gapMs ?? 0);
        const why = given.check?.(call);
        return why === undefined ? undefined : { stop: why };
      },
    },
    {
      changeId: 'one',
      journal,
      clock,
      emit: (event) => void events.push(event),
      settleMs: 10_000,
      undoes: given.undoes,
      stillLocked: given.stillLocked,
    },
  );
  const effects = journal.records.flatMap((one) => (one.record === 'written' ? [one.effect] : []));
  const waits = events.flatMap((one) => (one.code === 'waiting' ? [`${one.why} ${one.ms}`] : []));
  return { result, effects, waits, events, reads: read, calls: call };
}

describe('a read before the write', () => {
  it('that fails without an answer on the way back is made again, soon at first', async () => {
    const { result, waits } = await wrote({
      direction: 'back',
      maxAttempts: 1,
      reads: [lost, lost, lost, before, after],
    });
    expect([result.kind, waits]).toEqual(['done', ['read-failed 100', 'read-failed 200', 'read-failed 400']]);
  });

  it('that is refused ends the write at once; one that is not whole is made again', async () => {
    expect(await wrote({ reads: [refused] })).toMatchObject({
      result: { kind: 'failed', error: refused },
      reads: 1,
      calls: 0,
      effects: ['none'],
    });
    expect(
      (await wrote({ direction: 'back', maxAttempts: 1, reads: [incomplete, before, after] })).result.kind,
    ).toBe('done');
    expect((await wrote({ reads: [lost, before, after] })).result).toMatchObject({
      kind: 'failed',
      error: lost,
    });
  });

  it('is not repeated forever', async () => {
    const { result, calls, reads } = await wrote({
      direction: 'back',
      maxAttempts: 1,
      reads: [lost],
      readMs: 15_000,
    });
    expect([result.kind, calls, reads]).toEqual(['failed', 0, 5]);
  });

  it('stops it if there is an objection', async () => {
    expect(await wrote({ check: () => 'no' })).toMatchObject({
      result: { kind: 'stopped', stop: 'no' },
      calls: 0,
      effects: ['none'],
    });
  });

  it('is nothing without the lock', async () => {
    const { result, calls } = await wrote({ stillLocked: () => false });
    expect([result, calls]).toMatchObject([{ kind: 'failed', error: { code: 'lock-lost' } }, 0]);
  });

  it('that is old once the write could leave is made again, ten times', async () => {
    const { result, reads, calls, waits } = await wrote({ reads: [before], gapMs: 3000 });
    expect([result.kind, reads, calls]).toEqual(['failed', 10, 0]);
    expect(waits).toEqual(Array(9).fill('old-read 0'));
  });
});

describe('an answer', () => {
  it('that accepts it, and a read that shows it, end it', async () => {
    const { result, effects } = await wrote({});
    expect([result, effects]).toMatchObject([{ kind: 'done', requestId: 'one' }, ['done']]);
  });

  it('that refuses it ends it, without effect', async () => {
    expect(await wrote({ calls: [refused] })).toMatchObject({
      result: { kind: 'failed', error: refused },
      reads: 1,
      calls: 1,
      effects: ['none'],
    });
  });

  it('that throttles it repeats it, later each time, after another read', async () => {
    const { result, waits, reads } = await wrote({
      calls: [throttled, throttled, 'taken'],
      reads: [before, before, before, after],
    });
    expect([result.kind, waits, reads]).toEqual(['done', ['throttled 400', 'throttled 800'], 4]);
  });

  it('that is lost is found by a read, with its request id', async () => {
    const { result, effects, events } = await wrote({ calls: [lost] });
    expect([result, effects]).toMatchObject([{ kind: 'done', requestId: 'of-timeout' }, ['unknown', 'done']]);
    expect(events.find(({ code }) => code === 'step-done')).toMatchObject({ answerLost: true });
  });

  it('that is lost, and shows only before the next try, is not sent again', async () => {
    const shown = Array.from({ length: 8 }, () => before);
    const { result, calls, effects } = await wrote({ calls: [lost], reads: [...shown, after] });
    expect([result, calls]).toMatchObject([{ kind: 'done', requestId: 'of-timeout' }, 1]);
    expect(effects.at(-1)).toBe('done');
  });

  it('that is lost and never shows is not known in the end; a refusal behind it changes nothing', async () => {
    const never = await wrote({ calls: [lost], reads: [before] });
    expect(never.result).toMatchObject({ kind: 'unknown', taken: false, waited: true });
    expect(never.calls).toBeGreaterThan(1);
    const then = await wrote({ calls: [lost, refused], reads: [before] });
    expect(then.result).toMatchObject({ kind: 'unknown', error: refused, taken: false });
    expect(then.effects.at(-1)).toBe('unknown');
  });

  it('that is lost, with something against another try, is not known', async () => {
    const { result, calls } = await wrote({
      calls: [lost],
      reads: [before],
      check: (call) => (call > 0 ? 'no' : undefined),
    });
    expect([result, calls]).toMatchObject([{ kind: 'unknown', error: 'no', waited: false }, 1]);
  });

  it('an answer to an undo that is lost is not found by a read, which may be older than what it undoes', async () => {
    const { result, calls } = await wrote({ undoes: true, calls: [lost, 'taken'], reads: [before, after] });
    expect([result.kind, calls]).toEqual(['done', 2]);
  });

  it('that the name is taken proves a policy that an undo makes again, where a read shows it', async () => {
    const there = await wrote({ undoes: true, step: create, calls: [taken], reads: [after] });
    expect([there.result.kind, there.effects]).toEqual(['done', ['done']]);
    const other = await wrote({
      undoes: true,
      step: create,
      calls: [taken],
      reads: [before],
      maxAttempts: 1,
    });
    expect(other.result.kind).toBe('failed');
    const forward = await wrote({ step: create, calls: [taken], reads: [after], maxAttempts: 1 });
    expect(forward.result.kind).toBe('failed');
  });
});

describe('a write that was taken', () => {
  const touched: Sight = { kind: 'touched', why: 'its list is [p]' };

  it('a write that was taken and that someone has changed since is no longer in effect', async () => {
    const { result } = await wrote({ reads: [before, touched] });
    expect(result).toEqual({ kind: 'overwritten', why: 'its list is [p]' });
  });

  it('a write that takes something back is done if someone has changed it since, unless a policy means something else', async () => {
    const back = await wrote({ direction: 'back', reads: [before, touched] });
    expect(back.result.kind).toBe('done');
    const redefined = await wrote({
      direction: 'back',
      reads: [before, { ...touched, redefined: true }],
    });
    expect([redefined.result.kind, redefined.effects.at(-1)]).toEqual(['unknown', 'unknown']);
    const other = await wrote({ direction: 'back', reads: [before, { kind: 'other' }] });
    expect(other.result).toMatchObject({ kind: 'unknown', taken: true });
  });

  it('a write that was taken and never shows is not known', async () => {
    const { result } = await wrote({ reads: [before] });
    expect(result).toMatchObject({
      kind: 'unknown',
      taken: true,
      waited: true,
      error: { message: expect.stringContaining('10 s') },
    });
  });

  it('a write that was taken and can’t be read is not known, with the reason', async () => {
    const { result } = await wrote({ reads: [before, refused] });
    expect(result).toMatchObject({ kind: 'unknown', taken: true, error: refused });
  });

  it('a write that was taken and shows in another order is believed, and said', async () => {
    const { result, events } = await wrote({
      reads: [before, { kind: 'after', reordered: true }],
      shownAs: ['p', 'a'],
    });
    expect(result).toMatchObject({ kind: 'done', shownAs: ['p', 'a'] });
    expect(events).toContainEqual({ code: 'warning', message: 'in another order' });
    const plain = await wrote({});
    expect(plain.result).not.toHaveProperty('shownAs', expect.anything());
    expect(plain.events.map(({ code }) => code)).not.toContain('warning');
  });
});

it('a write whose answer is lost is not found changed: it may never have been made', async () => {
  const touched: Sight = { kind: 'touched', why: 'its list is [p]' };
  const { result } = await wrote({ calls: [lost], reads: [before, touched], maxAttempts: 1 });
  expect(result).toMatchObject({ kind: 'unknown', taken: false });
});
