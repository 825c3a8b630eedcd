import { describe, expect, it } from 'vitest';
import { foldRun } from '../../src/core/journaled-run.js';
import { plan, planChange } from '../../src/core/plan.js';
import type { JournalRecord } from '../../src/core/record.js';
import { policyFields, type Step } from '../../src/core/step.js';
import { proxy, web } from './builders.js';

const create: Step = { call: 'CreateLoadBalancerPolicy', ...policyFields(proxy('p')) };
const set: Step = {
  call: 'SetLoadBalancerPoliciesForBackendServer',
  instancePort: 8443,
  before: [],
  after: ['p'],
};
const at = (second: number) => new Date(second * 1000).toISOString();
const base = (second: number, changeId = 'c') => ({ formatVersion: 1 as const, changeId, at: at(second) });
const begin = (changeId = 'c'): JournalRecord => ({
  ...base(0, changeId),
  record: 'begin',
  holder: { pid: 7, host: 'h' },
  plan: plan('enable', [planChange(web(), [8443], [create, set], [])], {
    tool: 't',
    createdAt: new Date(0),
  }),
});
const reference = (step: number, direction: 'forward' | 'back' = 'forward') => ({
  change: 0,
  step,
  direction,
});
const write = (second: number, step: number, send: Step, direction?: 'back'): JournalRecord => ({
  ...base(second),
  ...reference(step, direction),
  record: 'write',
  send,
});
const written = (second: number, step: number, more: object, direction?: 'back'): JournalRecord => ({
  ...base(second),
  ...reference(step, direction),
  record: 'written',
  effect: 'done',
  ...more,
});

describe('one change of the journal', () => {
  it('has each call with what became of it, in order, by step, both ways', () => {
    const run = foldRun(
      [
        begin('b'),
        begin(),
        write(1, 0, create),
        written(2, 0, { effect: 'none', errorCode: 'Throttling' }),
        write(3, 0, create),
        written(4, 0, { requestId: 'r1' }),
        write(5, 1, set),
        written(6, 1, { effect: 'unknown' }),
        written(7, 1, { requestId: 'r2' }),
        { ...base(8, 'b'), record: 'end', outcome: 'applied' },
        write(9, 1, { ...set, before: ['p'], after: [] }, 'back'),
      ],
      'c',
    );
    expect(run?.calls).toEqual([
      [
        [
          {
            direction: 'forward',
            at: at(1),
            send: create,
            effect: 'none',
            knownAt: at(2),
            errorCode: 'Throttling',
          },
          { direction: 'forward', at: at(3), send: create, effect: 'done', knownAt: at(4), requestId: 'r1' },
        ],
        [
          { direction: 'forward', at: at(5), send: set, effect: 'done', knownAt: at(7), requestId: 'r2' },
          { direction: 'back', at: at(9), send: { ...set, before: ['p'], after: [] } },
        ],
      ],
    ]);
    expect(run).toMatchObject({ outcome: 'open', steps: [['done', 'unknown']] });
    expect(run?.endedAt).toBeUndefined();
  });

  it('has why it ended and what its guards saw, where the journal has it; an older journal has not', () => {
    const guard = { probes: ['tcp'], checks: [] };
    const error = { code: 'guard-failed', message: 'm' };
    const end: JournalRecord = { ...base(9), record: 'end', outcome: 'rolled-back', guard, error };
    expect(foldRun([begin(), end], 'c')).toMatchObject({ endedAt: at(9), guard, error });
    const old = foldRun([begin(), { ...base(9), record: 'end', outcome: 'applied' }], 'c');
    expect(old).toMatchObject({ outcome: 'applied', endedAt: at(9) });
    expect(old?.guard).toBeUndefined();
  });

  it('is none where its beginning is not there', () => {
    expect(foldRun([write(1, 0, create)], 'c')).toBeUndefined();
  });
});
