import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Intent, stepsFor } from '../../src/core/change.js';
import { planDigest } from '../../src/core/digest.js';
import { type Hazard, hazards } from '../../src/core/hazards.js';
import type { LoadBalancer } from '../../src/core/model.js';
import { type ClassicChange, type Plan, type PlanChange, plan, planChange } from '../../src/core/plan.js';
import { instancePorts } from '../../src/core/status.js';
import type { ClassicStep } from '../../src/core/step.js';
import { fc } from '../helpers/fast-check.js';
import { loadBalancerArbitrary } from './arbitraries.js';
import { auth, listener, lists, proxy, web } from './builders.js';

const before = web({ policies: [auth('a')], backendServers: lists({ 8443: ['a'] }) });
const origin = { tool: 'elb-proxy 1.2.3', createdAt: new Date('2026-11-23T10:00:00Z') };

function changeOf(loadBalancer: LoadBalancer, intent: Intent): PlanChange {
  const result = stepsFor(loadBalancer, intent);
  if ('nameTaken' in result) throw new Error('name taken');
  const question = { purpose: 'on' as const, instancePorts: intent.instancePorts, asked: true };
  return planChange(loadBalancer, intent.instancePorts, result.steps, hazards(loadBalancer, question));
}
const enabling = (loadBalancer: LoadBalancer, made = origin): Plan =>
  plan('enable', [changeOf(loadBalancer, { action: 'enable', instancePorts: [8443] })], made);

/** The same value with the keys of every object the other way round. */
function reversedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversedKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, reversedKeys(item)]),
  );
}

describe('the digest stays the same', () => {
  it('the digest stays the same at another time and with another version of the tool', () => {
    const later = { tool: 'elb-proxy 9.9.9', createdAt: new Date('2027-01-01T00:00:00Z') };
    expect(enabling(before, later).digest).toBe(enabling(before).digest);
  });

  it('the digest stays the same when instances come and go, and with the hazards that follow', () => {
    for (const instanceStates of [undefined, [], [{ instanceId: 'i-9', state: 'OutOfService' }]]) {
      expect(enabling({ ...before, instanceStates }).digest).toBe(enabling(before).digest);
    }
  });

  it('the digest stays the same through JSON, and whatever the order of keys', () => {
    fc.assert(
      fc.property(loadBalancerArbitrary, fc.boolean(), (loadBalancer, deletePolicy) => {
        const change = changeOf(loadBalancer, {
          action: 'disable',
          instancePorts: instancePorts(loadBalancer),
          deletePolicy,
        });
        const read = JSON.parse(JSON.stringify([change])) as readonly PlanChange[];
        const digest = planDigest({ action: 'disable', changes: [change] });
        expect(planDigest({ action: 'disable', changes: read })).toBe(digest);
        const reversed = reversedKeys(read) as readonly PlanChange[];
        expect(planDigest({ action: 'disable', changes: reversed })).toBe(digest);
      }),
    );
  });

  it('the digest stays the same whatever the order in which the load balancers were named', () => {
    const changes = ['web', 'api', 'mail'].map((name) =>
      changeOf({ ...before, name }, { action: 'enable', instancePorts: [8443] }),
    );
    expect(plan('enable', changes.toReversed(), origin).digest).toBe(plan('enable', changes, origin).digest);
  });
});

describe('the digest changes', () => {
  const made = enabling(before);
  const [change] = made.changes as readonly [ClassicChange];
  const [create, set] = change.steps as readonly [ClassicStep, ClassicStep];

  it.each<readonly [what: string, changed: PlanChange]>([
    ['name', { ...change, loadBalancer: { ...change.loadBalancer, name: 'api' } }],
    ['region', { ...change, loadBalancer: { ...change.loadBalancer, region: 'eu-west-1' } }],
    ['DNS name', { ...change, loadBalancer: { ...change.loadBalancer, dnsName: 'x' } }],
    ['creation time', { ...change, loadBalancer: { ...change.loadBalancer, createdTime: undefined } }],
    ['owner account', { ...change, loadBalancer: { ...change.loadBalancer, accountId: '1' } }],
    ['listener', { ...change, affects: { ...change.affects, listeners: [] } }],
    ['number of steps', { ...change, steps: [create] }],
    ['order of the steps', { ...change, steps: [set, create] }],
    ['list to be written', { ...change, steps: [create, { ...set, after: [] } as typeof set] }],
    ['list that was read', { ...change, steps: [create, { ...set, before: [] } as typeof set] }],
    ['instance port', { ...change, steps: [create, { ...set, instancePort: 1 } as typeof set] }],
    ['attribute', { ...change, steps: [{ ...create, attributes: {} } as typeof create, set] }],
    ['overruled blocker', { ...change, forced: ['http-listener'] }],
    ['hazards that were shown', { ...change, hazards: [] }],
    ['words of a hazard', { ...change, hazards: change.hazards.map((one) => ({ ...one, message: 'fine' })) }],
    [
      'level of a hazard',
      {
        ...change,
        hazards: change.hazards.map((one) => ({
          ...one,
          level: 'note' as const,
          code: 'ssl-backend' as const,
        })),
      },
    ],
  ])('the digest changes with the %s', (_what, changed) => {
    expect(planDigest({ action: 'enable', changes: [changed] })).not.toBe(made.digest);
  });

  it('the digest changes with the action, and with another load balancer', () => {
    expect(planDigest({ ...made, action: 'undo' })).not.toBe(made.digest);
    expect(planDigest({ ...made, changes: [] })).not.toBe(made.digest);
  });

  it('the digest changes with the endpoint that was read, and with the change that an undo puts back', () => {
    const elsewhere = { ...origin, endpoint: 'http://127.0.0.1:4580' };
    expect(enabling(before, elsewhere).digest).not.toBe(made.digest);
    const undoing = (undoes: string) => plan('undo', made.changes, { ...origin, undoes }).digest;
    expect(undoing('a')).not.toBe(undoing('b'));
  });

  it('the digest changes with a blocker that was taken out, also one that the backends gave', () => {
    for (const code of ['http-health-check', 'backend-rejects-proxy'] as const) {
      const blocker = { code, level: 'blocker', instancePort: 8443, message: 'm', advice: 'a' } as const;
      const blocked = plan('enable', [{ ...change, hazards: [blocker, ...change.hazards] }], origin);
      expect(blocked.digest).not.toBe(made.digest);
    }
  });

  it('the digest changes with a listener that was added in front of the port', () => {
    const listeners = [...before.listeners, listener({ protocol: 'SSL', loadBalancerPort: 465 })];
    expect(enabling({ ...before, listeners }).digest).not.toBe(made.digest);
  });

  it('the digest changes if the names of a list are joined in another way', () => {
    const lists2 = [['a', 'b'], ['a,b'], ['a","b']].map((after) =>
      planDigest({ ...made, changes: [{ ...change, steps: [{ ...set, after } as typeof set] }] }),
    );
    expect(new Set(lists2).size).toBe(3);
  });

  it('is a SHA-256 in hexadecimal, as the plan file demands', () => {
    expect(enabling(web({ policies: [proxy('p')] })).digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});

describe('the digest', () => {
  it('is the SHA-256 of what is pinned, as JSON with sorted keys and without what is absent', () => {
    const hazard = (code: Hazard['code'], level: Hazard['level']): Hazard => ({
      code,
      level,
      message: 'm',
      advice: 'a',
    });
    const digested = {
      action: 'enable',
      endpoint: 'http://localhost:4580',
      undoes: undefined,
      changes: [
        {
          loadBalancer: { region: 'r', name: 'web', dnsName: undefined },
          affects: { instancePorts: [8443, 9443], listeners: [] },
          steps: [],
          hazards: [
            hazard('no-healthy-instance', 'warning'),
            hazard('http-listener', 'blocker'),
            // Whatever a blocker is about, it is pinned.
            hazard('unknown-tags', 'blocker'),
            hazard('shared-instance-port', 'warning'),
          ],
          forced: ['http-listener' as const, 'unknown-tags' as const],
        },
      ],
    };
    const pinned = [
      'http-listener","level":"blocker',
      'unknown-tags","level":"blocker',
      'shared-instance-port","level":"warning',
    ]
      .map((words) => `{"advice":"a","code":"${words}","message":"m"}`)
      .join(',');
    const text = `{"action":"enable","changes":[{"forced":["http-listener","unknown-tags"],"hazards":[${pinned}],"instancePorts":[8443,9443],"listeners":[],"loadBalancer":{"name":"web","region":"r"},"steps":[]}],"endpoint":"http://localhost:4580"}`;
    expect(planDigest(digested)).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`);
  });
});
