import { describe, expect, it } from 'vitest';
import { settle } from '../../src/app/settle.js';
import { type Action, type Plan, plan, planChange } from '../../src/core/plan.js';
import type { Step } from '../../src/core/step.js';
import { web } from '../core/builders.js';
import { edge } from './edge.js';
import { fakeNetwork } from './fake-network.js';
import { type FakeJournal, fakeJournal, networkPlanned } from './run.js';

const mine = { accountId: '111111111111', arn: 'arn:aws:iam::111111111111:user/a' };
const set = {
  call: 'SetLoadBalancerPoliciesForBackendServer',
  instancePort: 8443,
  before: [],
  after: ['p'],
} as const;

type Where = Partial<ReturnType<typeof web>>;

function planOf(
  action: Action,
  where: Where,
  {
    steps = true,
    endpoint,
    caller = mine,
    undoes,
  }: { steps?: boolean; endpoint?: string | undefined; caller?: typeof mine; undoes?: string } = {},
): Plan {
  const change = planChange(web(where), [8443], steps ? [set] : [], []);
  return plan(action, [change], {
    tool: 't',
    createdAt: new Date('2026-11-24T00:00:00Z'),
    endpoint,
    caller,
    undoes,
  });
}

/** A change that was cut off with its write in flight. */
function cutOff(made = planOf('enable', {}), send: Step = set): FakeJournal {
  const journal = fakeJournal();
  const base = { formatVersion: 1 as const, changeId: 'cut-off', at: '2026-11-23T10:00:00.000Z' };
  journal.records.push(
    { ...base, record: 'begin', holder: { pid: 9, host: 'here' }, plan: made },
    { ...base, record: 'write', change: 0, step: 0, direction: 'forward', send },
  );
  return journal;
}

async function settledBy(found: Plan, journal = cutOff()): Promise<string | undefined> {
  await settle(found, {
    journal,
    clock: { now: () => new Date('2026-11-24T00:00:01Z'), sleep: async () => undefined },
    emit: () => undefined,
  });
  const last = journal.records.at(-1);
  return last?.record === 'end' ? last.outcome : undefined;
}

describe('a plan with nothing to do', () => {
  it('a plan with nothing to do for the same load balancer and ports ends a change that was cut off', async () => {
    expect(await settledBy(planOf('enable', {}, { steps: false }))).toBe('applied');
    expect(await settledBy(planOf('undo', {}, { steps: false, undoes: 'cut-off' }))).toBe('rolled-back');
  });

  it('ends none that is still running, but one of another host whose locks it has', async () => {
    const running = cutOff();
    running.liveness = () => 'running';
    expect(await settledBy(planOf('enable', {}, { steps: false }), running)).toBeUndefined();
    const elsewhere = cutOff();
    elsewhere.liveness = () => 'unknown';
    expect(await settledBy(planOf('enable', {}, { steps: false }), elsewhere)).toBe('applied');
  });

  it.each<[string, Where, object]>([
    ['of another owner', { accountId: '222222222222' }, {}],
    ['with another DNS name', { dnsName: 'web-2.us-east-1.elb.amazonaws.com' }, {}],
    ['made at another time', { createdTime: '2020-01-01T00:00:00.000Z' }, {}],
    ['at another endpoint', {}, { endpoint: 'http://127.0.0.1:4580' }],
    ['of another caller’s account', {}, { caller: { ...mine, accountId: '222222222222' } }],
  ])(
    'a plan with nothing to do for a load balancer of the same name %s ends none',
    async (_what, where, more) => {
      expect(await settledBy(planOf('enable', where, { steps: false, ...more }))).toBeUndefined();
      expect(
        await settledBy(planOf('undo', where, { steps: false, undoes: 'cut-off', ...more })),
      ).toBeUndefined();
    },
  );

  it.each([
    ['the account that made it', 'rolled-back', { caller: mine }],
    ['another account', undefined, { caller: { ...mine, accountId: '222222222222' } }],
    ['nobody knows who, at a service of one’s own', 'rolled-back', { endpoint: 'http://127.0.0.1:4580' }],
    [
      'nobody knows who, at AWS',
      undefined,
      { endpoint: 'https://elasticloadbalancing.us-east-1.amazonaws.com' },
    ],
  ])(
    'for a load balancer that is not there ends the change on it where it is asked for by %s: %s',
    async (_who, outcome, where) => {
      const { caller, endpoint } = { caller: undefined, endpoint: undefined, ...where };
      const made = planOf('enable', {}, { endpoint });
      const origin = { tool: 't', createdAt: new Date('2026-11-24T00:00:00Z'), undoes: 'cut-off' };
      const undo = plan('undo', [], { ...origin, caller, endpoint });
      expect(await settledBy(undo, cutOff(made))).toBe(outcome);
    },
  );

  it.each([
    ['the same account', '123456789012', 'rolled-back'],
    ['another account', '222222222222', undefined],
  ])(
    'for a load balancer that is not there takes what it finds of the others for a sign of whose they are: %s',
    async (_whose, accountId, outcome) => {
      const endpoint = 'http://127.0.0.1:4580';
      const origin = { tool: 't', createdAt: new Date('2026-11-24T00:00:00Z'), endpoint };
      const made = plan('enable', [planChange(web({ name: 'zoo' }), [8443], [set], [])], origin);
      const found = planChange(web({ accountId }), [8443], [], []);
      expect(await settledBy(plan('undo', [found], { ...origin, undoes: 'cut-off' }), cutOff(made))).toBe(
        outcome,
      );
    },
  );

  it.each(['a Classic load balancer', 'a target group'])(
    'that does not find %s ends the change on it no sooner than ten minutes after its last record',
    async (what) => {
      const endpoint = 'http://127.0.0.1:4580';
      const group = async () => ({
        ...(await networkPlanned(fakeNetwork([edge()]), { groups: 'all' })),
        caller: mine,
        endpoint,
      });
      const made = what === 'a target group' ? await group() : planOf('enable', {}, { endpoint });
      const [step] = made.changes[0]?.steps ?? [];
      if (step === undefined) throw new Error('the plan has nothing to do');
      const after = async (ms: number) => {
        const createdAt = new Date(Date.parse('2026-11-23T10:00:00.000Z') + ms);
        const origin = { tool: 't', createdAt, undoes: 'cut-off', caller: mine, endpoint };
        return settledBy(plan('undo', [], origin), cutOff(made, step));
      };
      expect(await after(1000)).toBeUndefined();
      expect(await after(10 * 60_000 - 1)).toBeUndefined();
      expect(await after(10 * 60_000)).toBe('rolled-back');
    },
  );
});
