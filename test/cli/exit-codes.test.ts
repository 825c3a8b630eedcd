import { describe, expect, it } from 'vitest';
import { exitCodeOfError, exitCodeOfReport, exitCodes } from '../../src/cli/exit-codes.js';
import type { Report, RunOutcome } from '../../src/core/report.js';
import { ElbProxyError, type Fault } from '../../src/errors.js';

const error = (code: string, fault: Fault) => new ElbProxyError('m', { code, fault });

describe('an error ends the program with', () => {
  it.each([
    ['usage', 'user', 1],
    ['AccessDenied', 'service', 1],
    ['LoadBalancerNotFound', 'user', 1],
    ['internal', 'tool', 1],
    ['stale-plan', 'world', 3],
    ['not-confirmed', 'world', 3],
    ['still-running', 'world', 3],
    ['interrupted', 'user', 130],
  ] as const)('(%s, %s) %i', (code, fault, expected) => {
    expect(exitCodeOfError(error(code, fault))).toBe(expected);
  });

  it('1 if it is not one of ours', () => {
    for (const thrown of [new Error('x'), 'x', undefined]) expect(exitCodeOfError(thrown)).toBe(1);
  });
});

describe('a run ends the program with', () => {
  const report = (outcome: RunOutcome, code?: string): Report => ({
    formatVersion: 1,
    action: 'enable',
    changeId: null,
    outcome,
    changes: [],
    leftovers: [],
    ...(code === undefined ? {} : { error: { code, message: 'm' } }),
  });

  it.each<readonly [RunOutcome, string | undefined, number]>([
    ['applied', undefined, 0],
    ['unchanged', undefined, 0],
    ['unchanged', 'AccessDenied', 1],
    ['unchanged', 'journal', 1],
    ['unchanged', 'interrupted', 130],
    ['refused', 'stale-plan', 3],
    ['refused', 'blocked', 3],
    ['refused', 'plan-out-of-scope', 3],
    ['refused', 'not-confirmed', 3],
    // Whoever moves the world after our first write is refused too: what was written was put back.
    ['rolled-back', 'concurrent-change', 3],
    ['rolled-back', 'stale-plan', 3],
    ['rolled-back', 'AccessDenied', 1],
    ['rolled-back', 'Throttling', 1],
    ['rolled-back', 'guard-failed', 4],
    ['partial', 'AccessDenied', 5],
    ['partial', 'concurrent-change', 5],
    ['partial', 'guard-failed', 5],
    ['partial', 'interrupted', 130],
  ])('(%s, %s) %i', (outcome, code, expected) => {
    expect(exitCodeOfReport(report(outcome, code))).toBe(expected);
  });
});

describe('the table of exit codes', () => {
  it("is the contract's, and says of each what it means", () => {
    expect(Object.keys(exitCodes).map(Number)).toEqual([0, 1, 2, 3, 4, 5, 130]);
    for (const meaning of Object.values(exitCodes)) expect(meaning).toMatch(/^[a-z].{10,}/);
  });
});
