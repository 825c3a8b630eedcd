import { describe, expect, it } from 'vitest';
import type { Objection } from '../../src/app/objection.js';
import { rollBackWrite } from '../../src/app/roll-back.js';
import type { StandingWrite, Switched } from '../../src/app/switched.js';
import type { WriteContext } from '../../src/app/write-context.js';
import type { SightKind } from '../../src/core/sight.js';
import { type ClassicStep, policyFields } from '../../src/core/step.js';
import { ElbProxyError } from '../../src/errors.js';
import { proxy, web } from '../core/builders.js';
import { fakeClock, fakeJournal } from './run.js';

const loadBalancer = { name: 'web', region: 'us-east-1' };
const set: ClassicStep = {
  call: 'SetLoadBalancerPoliciesForBackendServer',
  instancePort: 8443,
  before: ['a'],
  after: ['a', 'p'],
};
const create: ClassicStep = { call: 'CreateLoadBalancerPolicy', ...policyFields(proxy('p')) };

const refused = new ElbProxyError('not allowed', { code: 'AccessDenied', fault: 'user' });
const lost = new ElbProxyError('no answer', { code: 'timeout', fault: 'service' });

interface Given {
  readonly step?: ClassicStep;
  readonly seen?: boolean;
  readonly taken?: boolean;
  readonly waited?: boolean;
  readonly undoes?: boolean;
  readonly stillUsed?: string;
  /** What reads show of the step that is taken back, one after the other; the last stays. */
  readonly shows?: readonly SightKind[];
  readonly objection?: Objection;
  /** Speaks against it only once it was tried. */
  readonly objectionAfter?: Objection;
  readonly call?: 'taken' | ElbProxyError;
}

/** Takes a write back from a service with scripted reads. */
async function rolledBack(given: Given) {
  const log: string[] = [];
  const shows = [...(given.shows ?? ['after'])];
  let back = false;
  const switched: Switched = {
    loadBalancer,
    effectOf: (error) => (error === lost ? 'unknown' : 'no'),
    read: async (clock) => {
      log.push('read');
      return {
        fresh: web({ scheme: shows.length > 1 ? shows.shift() : shows[0] }),
        at: clock.now().getTime(),
        tookMs: 0,
      };
    },
    movedFrom: () => [],
    // Of the call that takes it back, the goal is what was there before.
    sightOf: (_step, fresh) => ({
      kind: back ? 'after' : ((fresh as { scheme?: SightKind }).scheme ?? 'other'),
    }),
    without: (_step, fresh) => fresh,
    call: async () => {
      log.push('call');
      if (given.call instanceof ElbProxyError) throw given.call;
      back = true;
      return { requestId: 'one' };
    },
    objection: () => undefined,
    objectionBack: () => {
      const stop = log.includes('call') ? given.objectionAfter : given.objection;
      return stop === undefined ? undefined : { stop };
    },
  };
  const standing: StandingWrite = {
    switched,
    loadBalancer,
    step: given.step ?? set,
    reference: { change: 0, step: 0, direction: 'forward' },
    seen: given.seen ?? true,
    taken: given.taken ?? true,
    waited: given.waited ?? false,
  };
  const context: WriteContext = {
    changeId: 'one',
    journal: fakeJournal(),
    clock: fakeClock(),
    emit: () => undefined,
    settleMs: 1000,
    undoes: given.undoes,
  };
  return { result: await rollBackWrite(standing, context, given.stillUsed), log };
}

describe('a write that was seen', () => {
  it('is taken back by its own call, after a read', async () => {
    const { result, log } = await rolledBack({});
    expect(result).toEqual({ kind: 'rolled-back', requestId: 'one' });
    expect(log.slice(0, 2)).toEqual(['read', 'call']);
  });

  it('is gone with its load balancer', async () => {
    const { result, log } = await rolledBack({ objection: { why: 'deleted', inDoubt: false, gone: true } });
    expect([result, log.includes('call')]).toEqual([{ kind: 'rolled-back' }, false]);
  });

  it('stays in effect, for certain, where the service refuses to take it back', async () => {
    const { result } = await rolledBack({ call: refused });
    expect(result).toMatchObject({
      kind: 'left',
      inDoubt: false,
      leftover: {
        harmless: false,
        message: expect.stringContaining('(not allowed)'),
        command: 'elb-proxy undo one',
      },
    });
  });

  it('is in doubt where the answer is lost, with the reason in words', async () => {
    const { result } = await rolledBack({ call: lost, shows: ['after', 'other'] });
    expect(result).toMatchObject({
      kind: 'left',
      inDoubt: true,
      leftover: { message: expect.stringContaining('(no answer)') },
    });
  });

  it('is in doubt if the answer is lost and there is an objection to another try', async () => {
    const objectionAfter = { why: 'someone changed it since', inDoubt: false };
    const { result, log } = await rolledBack({ call: lost, shows: ['after', 'before'], objectionAfter });
    expect(result).toMatchObject({
      kind: 'left',
      inDoubt: true,
      leftover: { message: expect.stringMatching(/\((?:no answer|someone changed it since)\)/) },
    });
    expect(log.filter((one) => one === 'call')).toHaveLength(1);
  });

  it('is in doubt if a temporary objection stops another try', async () => {
    const { result, log } = await rolledBack({ objection: { why: 'someone changed it', inDoubt: true } });
    expect([result, log.includes('call')]).toMatchObject([
      { kind: 'left', inDoubt: true, leftover: { message: expect.stringContaining('(someone changed it)') } },
      false,
    ]);
  });
});

describe('a policy that was made', () => {
  const message = (given: Given) => rolledBack({ step: create, ...given }).then(({ result }) => result);

  it('changes no traffic if it is on no port, and comes without a command if nothing was tried', async () => {
    const result = await message({ objection: { why: 'not ours any more', inDoubt: false } });
    expect(result).toMatchObject({ kind: 'left', inDoubt: false, leftover: { harmless: true } });
    expect(result).not.toHaveProperty('leftover.command');
  });

  it('is deleted by hand where deleting it was refused', async () => {
    const result = await message({ call: refused });
    expect(result).toMatchObject({
      leftover: { harmless: true, command: expect.stringContaining('delete-load-balancer-policy') },
    });
  });

  it.each([
    ['may be used', { why: 'a port uses it', inDoubt: false, used: true }],
    ['may be there', { why: 'not known', inDoubt: true }],
  ])('is not called harmless where it %s', async (_where, objection) => {
    expect(await message({ objection })).toMatchObject({
      inDoubt: objection.inDoubt,
      leftover: { harmless: false, command: 'elb-proxy undo one' },
    });
  });

  it('stays if a port may use it, without a try', async () => {
    const { result, log } = await rolledBack({ step: create, stillUsed: 'instance port 8443 may use it' });
    expect(log).toEqual([]);
    expect(result).toMatchObject({
      kind: 'left',
      inDoubt: false,
      leftover: { harmless: false, message: expect.stringContaining('is still on the load balancer') },
    });
    const unseen = await rolledBack({ step: create, seen: false, waited: true, stillUsed: 'used' });
    expect(unseen.result).toMatchObject({ inDoubt: true });
  });
});

describe('a write that was not seen', () => {
  const unseen = { step: create, seen: false, taken: false, call: refused } as const;

  it('is looked for, unless it was waited for already', async () => {
    const looked = await rolledBack({ ...unseen, shows: ['before', 'after'] });
    expect(looked.result).toMatchObject({
      inDoubt: false,
      leftover: { message: expect.stringContaining('policy p is still') },
    });
    const waited = await rolledBack({ ...unseen, waited: true });
    expect(waited.result).toMatchObject({
      inDoubt: true,
      leftover: { message: expect.stringContaining('may be still') },
    });
    expect(waited.log).toEqual(['read', 'call']);
  });

  it('stays in doubt while reads show something else', async () => {
    expect((await rolledBack({ ...unseen, shows: ['before'] })).result).toMatchObject({ inDoubt: true });
  });

  it('is not believed from a read that may be older than what an undo takes back, unless it was taken', async () => {
    expect((await rolledBack({ ...unseen, undoes: true })).result).toMatchObject({ inDoubt: true });
    expect((await rolledBack({ ...unseen, undoes: true, taken: true })).result).toMatchObject({
      inDoubt: false,
    });
  });
});

it('a write that changes nothing is not taken back: what was there before was never seen', async () => {
  const { result, log } = await rolledBack({ step: { ...set, before: ['a', 'p'] } });
  expect([result, log]).toMatchObject([
    { kind: 'left', inDoubt: true, leftover: { message: expect.stringContaining('was not seen') } },
    [],
  ]);
});
