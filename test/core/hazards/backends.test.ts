import { describe, expect, it } from 'vitest';
import { backendHazards } from '../../../src/core/hazards/backends.js';
import { hazardSchema } from '../../../src/core/plan-schema.js';
import type { BackendResult, BackendVerdict } from '../../../src/core/verify-result.js';

const hazardsOf = (
  ...[purpose, port, results]: [purpose: 'on' | 'off', port: number, results: readonly BackendResult[]]
) => backendHazards(purpose, port, results, { name: 'web', region: 'us-east-1' });

const result = (instanceId: string, verdict: BackendVerdict): BackendResult => ({
  target: '10.0.0.5:8443',
  instanceId,
  vantage: { kind: 'here' },
  verdict,
  confidence: 'strong',
  reason: '',
  advice: '',
  notes: [],
  evidence: [],
});

describe('before the line is switched on', () => {
  it.each(['no-proxy', 'requires-proxy-v2', 'requires-proxy-inside-tls'] as const)(
    'an instance that is %s is a blocker',
    (verdict) => {
      expect(hazardsOf('on', 8443, [result('i-1', 'requires-proxy'), result('i-2', verdict)])).toMatchObject([
        {
          code: 'backend-rejects-proxy',
          level: 'blocker',
          instancePort: 8443,
          message: expect.stringContaining(`i-2 (${verdict})`),
        },
      ]);
    },
  );

  it.each(['requires-proxy', 'accepts-both'] as const)('an instance that is %s is none', (verdict) => {
    expect(hazardsOf('on', 8443, [result('i-1', verdict)])).toEqual([]);
  });
});

describe('before it is switched off', () => {
  it('an instance that requires it is a blocker, one that takes both is none', () => {
    expect(
      hazardsOf('off', 8443, [
        result('i-1', 'requires-proxy'),
        result('i-2', 'accepts-both'),
        result('i-3', 'no-proxy'),
      ]),
    ).toMatchObject([
      { code: 'backend-requires-proxy', level: 'blocker', message: expect.not.stringContaining('i-2') },
    ]);
  });
});

it('what could not be known is a warning, either way', () => {
  for (const purpose of ['on', 'off'] as const) {
    expect(hazardsOf(purpose, 8443, [result('i-1', 'inconclusive')])).toMatchObject([
      {
        code: 'backend-inconclusive',
        level: 'warning',
        advice: 'check it with: elb-proxy verify backend --load-balancer web --port 8443 --region us-east-1',
      },
    ]);
  }
});

it('a hazard of a thousand instances names the first, and its message stays one that the journal takes', () => {
  const results = Array.from({ length: 1000 }, (_, index) =>
    result(`i-${String(index).padStart(17, '0')}`, 'inconclusive'),
  );
  const [hazard] = hazardsOf('on', 8443, results);
  expect(hazard?.message).toContain('i-00000000000000009 (inconclusive) and 990 more did not show');
  expect(hazardSchema.safeParse(hazard).success).toBe(true);
});
