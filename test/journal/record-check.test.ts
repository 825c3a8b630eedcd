import { describe, expect, it } from 'vitest';
import { type Intent, stepsFor } from '../../src/core/change.js';
import { summariseGuard } from '../../src/core/guard-summary.js';
import { hazards } from '../../src/core/hazards.js';
import { plan, planChange } from '../../src/core/plan.js';
import type { JournalRecord } from '../../src/core/record.js';
import { instancePorts } from '../../src/core/status.js';
import { isRecord } from '../../src/journal/record-check.js';
import { journalRecordSchema } from '../../src/journal/record-schema.js';
import { loadBalancerArbitrary } from '../core/arbitraries.js';
import { fc } from '../helpers/fast-check.js';

const base = { formatVersion: 1 as const, changeId: 'c-1', at: '2026-11-23T10:00:00.000Z' };
const reference = { change: 0, step: 0, direction: 'forward' as const };

/** Every kind of record, over plans that this tool makes. */
const record: fc.Arbitrary<JournalRecord> = loadBalancerArbitrary.chain((loadBalancer) => {
  const ports = instancePorts(loadBalancer);
  const wanted: Intent = { action: 'enable', instancePorts: ports };
  const result = stepsFor(loadBalancer, wanted);
  const steps = 'nameTaken' in result ? [] : result.steps;
  const found = hazards(loadBalancer, { purpose: 'on', instancePorts: ports, asked: true });
  const made = plan('enable', [planChange(loadBalancer, ports, steps, found)], {
    tool: 't',
    createdAt: new Date(0),
    endpoint: 'http://127.0.0.1:4580',
    caller: { accountId: '123456789012', arn: 'arn:aws:iam::123456789012:user/ops' },
  });
  const holder = { pid: 7, host: 'h', boot: 'b', started: '1' };
  return fc.constantFrom<JournalRecord>(
    { ...base, record: 'begin', holder, plan: made },
    ...steps.map((send): JournalRecord => ({ ...base, ...reference, record: 'write', send })),
    { ...base, ...reference, record: 'written', effect: 'done', requestId: 'r' },
    { ...base, record: 'end', outcome: 'applied' },
    {
      ...base,
      record: 'end',
      outcome: 'rolled-back',
      error: { code: 'guard-failed', message: 'm' },
      guard: summariseGuard({
        probe: 'tcp',
        probes: ['tcp'],
        notes: [{ at: base.at, probe: 'tcp', loadBalancer: 'web', message: 'm' }],
        checks: (['baseline', 'after', 'restored'] as const).map((phase) => ({
          phase,
          probe: 'tcp',
          loadBalancer: 'web',
          instancePort: 8443,
          at: base.at,
          target: '10.0.0.5:443',
          passed: phase !== 'after',
          seen: 'x'.repeat(1000),
          ms: 3,
        })),
      }),
    },
  );
});

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    0,
    -1,
    1.5,
    65_536,
    [],
    {},
    true,
    'x'.repeat(1025),
    'a\nb',
    '2026-02-30T10:00:00Z',
  ),
  fc.constantFrom<unknown>(
    '2026-11-23T10:00:00+01:00',
    '2026-11-23',
    'enable',
    'end',
    { __proto__: null, a: 1 },
    [1],
  ),
  fc.string({ maxLength: 300 }),
);

/** Every place in a value. */
function places(value: unknown, at: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, item]) => places(item, [...at, key]))];
}

/** The value with another one, or with none, at a place; or with a key more there. */
function broken(
  value: unknown,
  at: readonly (string | number)[],
  how: 'put' | 'drop' | 'add',
  other: unknown,
): unknown {
  const copy: unknown = structuredClone(value);
  const parent = at.slice(0, -1).reduce<unknown>((part, key) => Reflect.get(part as object, key), copy);
  const key = at.at(-1);
  if (key === undefined || typeof parent !== 'object' || parent === null) return other;
  if (how === 'put') Reflect.set(parent, key, other);
  else if (how === 'drop') Reflect.deleteProperty(parent, key);
  else Reflect.set(parent, 'more', other);
  return JSON.parse(JSON.stringify(copy)) as unknown;
}

describe('the plain check of a record', () => {
  it('knows every record that this tool writes, so that none of them costs a schema library', () => {
    fc.assert(
      fc.property(record, (one) => {
        const read: unknown = JSON.parse(JSON.stringify(one));
        expect(journalRecordSchema.safeParse(read).success).toBe(true);
        expect(isRecord(read)).toBe(true);
      }),
    );
  });

  it('never lets through what the schema does not, whatever is wrong in it', () => {
    let refused = 0;
    fc.assert(
      fc.property(
        record,
        fc.nat(),
        fc.constantFrom('put' as const, 'drop' as const, 'add' as const),
        odd,
        (one, nth, how, other) => {
          const whole: unknown = JSON.parse(JSON.stringify(one));
          const all = places(whole);
          const value = broken(whole, all[nth % all.length] ?? [], how, other);
          const bySchema = journalRecordSchema.safeParse(value).success;
          if (!bySchema) refused++;
          if (isRecord(value)) expect({ value, bySchema }).toMatchObject({ bySchema: true });
        },
      ),
      { numRuns: 2000 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it.each([undefined, null, 1, 'end', [], [[]], { record: 'constructor' }, { record: '__proto__' }])(
    'says no to %j',
    (value) => {
      expect(isRecord(value)).toBe(false);
    },
  );
});
