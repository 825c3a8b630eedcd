import { describe, expect, it } from 'vitest';
import { foldHistory, standingSteps } from '../../src/core/history.js';
import { type Action, type Plan, plan, planChange } from '../../src/core/plan.js';
import type { JournalRecord, WriteEffect } from '../../src/core/record.js';
import type { RunOutcome } from '../../src/core/report.js';
import { type ClassicStep, policyFields } from '../../src/core/step.js';
import { proxy, web } from './builders.js';

const create: ClassicStep = { call: 'CreateLoadBalancerPolicy', ...policyFields(proxy('p')) };
const set: ClassicStep = {
  call: 'SetLoadBalancerPoliciesForBackendServer',
  instancePort: 8443,
  before: [],
  after: ['p'],
};

function planned(action: Action = 'enable', undoes?: string): Plan {
  const origin = { tool: 'elb-proxy 1.2.3', createdAt: new Date(0), undoes };
  return plan(action, [planChange(web(), [8443], [create, set], [])], origin);
}

const base = { formatVersion: 1, at: '2026-11-23T10:00:00.000Z' } as const;
const begin = (changeId: string, of = planned()): JournalRecord => ({
  ...base,
  record: 'begin',
  changeId,
  holder: { pid: 7, host: 'h' },
  plan: of,
});
const end = (changeId: string, outcome: RunOutcome): JournalRecord => ({
  ...base,
  record: 'end',
  changeId,
  outcome,
});

/** `w0` a write of step 0 is about to be sent, `d0` done, `n0` without effect, `u0` unknown; with `-` in front: back. */
function records(changeId: string, script: string): readonly JournalRecord[] {
  const effects: Readonly<Record<string, WriteEffect>> = { d: 'done', n: 'none', u: 'unknown' };
  return (script.match(/-?[wdnu]\d/g) ?? []).map((word): JournalRecord => {
    const [letter = '', digit] = word.replace('-', '');
    const reference = {
      ...base,
      changeId,
      change: 0,
      step: Number(digit),
      direction: word.startsWith('-') ? ('back' as const) : ('forward' as const),
    };
    const effect = effects[letter];
    return effect === undefined
      ? { ...reference, record: 'write', send: create }
      : { ...reference, record: 'written', effect };
  });
}
const folded = (script: string) => foldHistory([begin('c'), ...records('c', script)])[0];

describe('a step in the journal', () => {
  it.each([
    ['', 'not-run', 'nothing was recorded'],
    ['w0', 'unknown', 'it was in flight when the run was cut off'],
    ['w0 d0', 'done', 'it was done'],
    ['w0 n0', 'none', 'it was refused'],
    ['w0 u0', 'unknown', 'its answer never came'],
    ['w0 n0 w0', 'unknown', 'it was tried again, and cut off'],
    ['w0 n0 w0 n0 w0 d0', 'done', 'it was throttled, and done at the third try'],
    ['w0 n0 d0', 'done', 'it was seen later than it was given up'],
    ['w0 d0 -w0', 'unknown', 'taking it back was in flight'],
    ['w0 d0 -w0 -d0', 'rolled-back', 'it was taken back'],
    ['w0 d0 -w0 -n0', 'done', 'taking it back was refused'],
    ['w0 d0 -w0 -u0', 'unknown', 'whether it was taken back is not known'],
    ['w0 d0 -w0 -n0 -w0 -d0', 'rolled-back', 'taking it back was throttled first'],
    ['w0 u0 -w0 -d0', 'rolled-back', 'in doubt, and taken back for certain'],
  ])('a step in the journal with the records "%s" is %s: %s', (script, state) => {
    expect(folded(script)?.steps).toEqual([[state, 'not-run']]);
  });

  it('is not touched by the records of another step or change', () => {
    const other = records('other', 'w0 d0');
    const [change] = foldHistory([begin('c'), begin('other'), ...other, ...records('c', 'w1 n1')]);
    expect(change?.steps).toEqual([['not-run', 'none']]);
  });

  it('that the plan does not have is left out', () => {
    expect(folded('w7 d7')?.steps).toEqual([['not-run', 'not-run']]);
  });

  it('is in effect if it is done or in doubt, and only then', () => {
    const inEffect = (script: string) => {
      const change = folded(script);
      return change === undefined
        ? []
        : standingSteps(change, 0).map(({ step, state }) => [step.call, state]);
    };
    expect(inEffect('w0 d0 w1')).toEqual([
      [create.call, 'done'],
      [set.call, 'unknown'],
    ]);
    expect(inEffect('w0 n0')).toEqual([]);
    expect(inEffect('w0 d0 -w0 -d0 w1 d1')).toEqual([[set.call, 'done']]);
  });
});

describe('a change in the journal', () => {
  it('a change in the journal without an end is open', () => {
    expect(folded('w0 d0 w1 d1')?.outcome).toBe('open');
  });

  it.each(['applied', 'unchanged', 'refused', 'rolled-back', 'partial'] as const)(
    'that ended is %s',
    (outcome) => {
      expect(foldHistory([begin('c'), end('c', outcome)])[0]?.outcome).toBe(outcome);
    },
  );

  it('has what it began with, in the order of beginning', () => {
    const changes = foldHistory([begin('b'), begin('a'), end('a', 'applied'), end('b', 'partial')]);
    expect(changes.map(({ changeId, outcome }) => [changeId, outcome])).toEqual([
      ['b', 'partial'],
      ['a', 'applied'],
    ]);
    expect(changes[0]).toMatchObject({ at: base.at, holder: { pid: 7, host: 'h' }, plan: planned() });
  });

  it('whose beginning is missing is left out, without affecting others', () => {
    expect(foldHistory([...records('lost', 'w0 d0'), end('lost', 'applied'), begin('c')])).toMatchObject([
      { changeId: 'c', outcome: 'open' },
    ]);
  });

  it('is distinguished from one that runs at the same time', () => {
    const [a, b] = foldHistory([
      begin('a'),
      ...records('a', 'w0'),
      begin('b'),
      ...records('b', 'w0 d0'),
      ...records('a', 'n0'),
      ...records('b', 'w1 d1'),
    ]);
    expect([a?.steps, b?.steps]).toEqual([[['none', 'not-run']], [['done', 'done']]]);
  });
});

describe('undone by', () => {
  const undo = (changeId: string, undoes: string, ...rest: readonly JournalRecord[]) => [
    begin(changeId, planned('undo', undoes)),
    ...rest,
  ];
  const undoneBy = (all: readonly JournalRecord[]) => foldHistory(all)[0]?.undoneBy;

  it('is the undo that was applied', () => {
    expect(undoneBy([begin('c'), ...undo('u', 'c', end('u', 'applied'))])).toBe('u');
  });

  it('is the newest of several', () => {
    expect(
      undoneBy([begin('c'), ...undo('u', 'c', end('u', 'applied')), ...undo('v', 'c', end('v', 'applied'))]),
    ).toBe('v');
  });

  it.each(['partial', 'rolled-back', 'refused', 'unchanged'] as const)('is none that ended %s', (outcome) => {
    expect(undoneBy([begin('c'), ...undo('u', 'c', end('u', outcome))])).toBeUndefined();
  });

  it('is none that was cut off, nor one of another change', () => {
    expect(undoneBy([begin('c'), ...undo('u', 'c')])).toBeUndefined();
    expect(undoneBy([begin('c'), ...undo('u', 'd', end('u', 'applied'))])).toBeUndefined();
  });
});

describe('completed by', () => {
  const completedBy = (...all: readonly JournalRecord[]) => foldHistory(all)[0]?.completedBy;
  const applied = (changeId: string, undoes?: string) => [
    begin(changeId, undoes === undefined ? undefined : planned('undo', undoes)),
    end(changeId, 'applied'),
  ];

  it('is the newest change that did the same as one that was cut off, or went through in part', () => {
    expect(completedBy(begin('c'), ...applied('d'))).toBe('d');
    expect(completedBy(begin('c'), ...applied('d'), ...applied('e'))).toBe('e');
    expect(completedBy(begin('c'), end('c', 'partial'), ...applied('d'))).toBe('d');
    expect(completedBy(begin('u', planned('undo', 'c')), ...applied('v', 'c'))).toBe('v');
  });

  it('is none of a change that ended, none before it, none that was not applied or was undone, and no undo', () => {
    expect(completedBy(begin('c'), end('c', 'applied'), ...applied('d'))).toBeUndefined();
    expect(completedBy(begin('c'), end('c', 'rolled-back'), ...applied('d'))).toBeUndefined();
    expect(foldHistory([...applied('d'), begin('c')])[1]?.completedBy).toBeUndefined();
    expect(completedBy(begin('c'), begin('d'), end('d', 'partial'))).toBeUndefined();
    expect(completedBy(begin('c'), ...applied('d'), ...applied('u', 'd'))).toBeUndefined();
    expect(completedBy(begin('c'), ...applied('u', 'b'))).toBeUndefined();
  });
});
