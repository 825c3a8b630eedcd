import { describe, expect, it } from 'vitest';
import { guardBounds, summariseGuard } from '../../src/core/guard-summary.js';
import type { GuardCheck } from '../../src/core/report.js';

const check = (second: number, more: Partial<GuardCheck> = {}): GuardCheck => ({
  phase: 'after',
  probe: 'tcp',
  loadBalancer: 'web',
  instancePort: 8443,
  at: new Date(second * 1000).toISOString(),
  target: '10.0.0.5:443',
  passed: true,
  seen: 'HTTP 200',
  ms: 3,
  ...more,
});
const report = (checks: readonly GuardCheck[]) => ({ probe: 'tcp', probes: ['tcp'], checks });

describe('the summary of a guard', () => {
  it('counts neighbouring checks of a target that saw the same, with the first and the last time', () => {
    const other = { target: '10.0.0.6:443' };
    const { checks, omitted } = summariseGuard(
      report([
        check(1),
        check(2, other),
        check(3),
        check(4, { passed: false, seen: 'HTTP 400' }),
        check(5, other),
        check(6),
      ]),
    );
    expect(checks.map(({ target, seen, times, at, until }) => [target, seen, times, at, until])).toEqual([
      ['10.0.0.5:443', 'HTTP 200', 2, check(1).at, check(3).at],
      ['10.0.0.6:443', 'HTTP 200', 2, check(2).at, check(5).at],
      ['10.0.0.5:443', 'HTTP 400', 1, check(4).at, check(4).at],
      ['10.0.0.5:443', 'HTTP 200', 1, check(6).at, check(6).at],
    ]);
    expect(omitted).toBeUndefined();
  });

  it('a guard’s summary without room for everything keeps what failed, then what came last, in order, and counts the rest', () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      check(index, { target: `10.0.0.${index}:443`, passed: index !== 7 }),
    );
    const { checks, omitted } = summariseGuard(report(many));
    expect(checks).toHaveLength(guardBounds.checks);
    expect(checks[0]).toMatchObject({ target: '10.0.0.7:443', passed: false });
    expect(checks.slice(1).map(({ target }) => target)).toEqual(
      many.slice(-guardBounds.checks + 1).map(({ target }) => target),
    );
    expect(omitted).toBe(300 - guardBounds.checks);
  });

  it('is of bounded size, whatever was watched and seen', () => {
    const long = 'x'.repeat(10_000);
    const summary = summariseGuard({
      probe: long,
      probes: Array.from({ length: 100 }, () => long),
      checks: Array.from({ length: 300 }, (_, index) =>
        check(index, { target: `${index}${long}`, seen: long, probe: long }),
      ),
      notes: Array.from({ length: 100 }, () => ({
        at: check(1).at,
        probe: long,
        loadBalancer: 'web',
        message: long,
      })),
    });
    expect(JSON.stringify(summary).length).toBeLessThan(300_000);
    expect(summary.omitted).toBe(300 - guardBounds.checks + 100 - guardBounds.notes);
    expect(summary.checks[0]?.seen).toMatch(/^x+…$/);
  });
});
