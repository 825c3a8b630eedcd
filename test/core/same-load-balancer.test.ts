import { describe, expect, it } from 'vitest';
import { foldHistory, unsettled } from '../../src/core/history.js';
import type { LoadBalancerIdentity } from '../../src/core/model.js';
import { networkChange } from '../../src/core/network/network-change.js';
import { type Plan, plan, planChange } from '../../src/core/plan.js';
import type { JournalRecord } from '../../src/core/record.js';
import { sameChange, sameLoadBalancer } from '../../src/core/same-load-balancer.js';
import { web } from './builders.js';
import { loadBalancerArn, nlb, targetGroup } from './network-builders.js';

const mine = { accountId: '111111111111', arn: 'arn:aws:iam::111111111111:user/a' };
const theirs = { accountId: '222222222222', arn: 'arn:aws:iam::222222222222:user/b' };

interface Where {
  readonly loadBalancer?: Partial<LoadBalancerIdentity>;
  readonly endpoint?: string;
  readonly caller?: typeof mine;
}

/** Everything by which a load balancer of the same name and region may be another one. */
const another: readonly (readonly [string, Where])[] = [
  ['of another owner', { loadBalancer: { accountId: '222222222222' } }],
  ['with another DNS name', { loadBalancer: { dnsName: 'web-2.us-east-1.elb.amazonaws.com' } }],
  ['made at another time', { loadBalancer: { createdTime: '2020-01-01T00:00:00.000Z' } }],
  ['in another region', { loadBalancer: { region: 'eu-west-1' } }],
  ['at another endpoint', { endpoint: 'http://127.0.0.1:4580' }],
  ['of another caller’s account', { caller: theirs }],
];

function planAt({ loadBalancer = {}, endpoint, caller = mine }: Where): Plan {
  const set = {
    call: 'SetLoadBalancerPoliciesForBackendServer',
    instancePort: 8443,
    before: [],
    after: ['p'],
  } as const;
  const change = planChange(web(loadBalancer), [8443], [set], []);
  return plan('enable', [change], { tool: 't', createdAt: new Date(0), endpoint, caller });
}

const base = (changeId: string) => ({ formatVersion: 1 as const, changeId, at: '2026-11-23T10:00:00.000Z' });
const begun = (changeId: string, of: Plan): JournalRecord => ({
  ...base(changeId),
  record: 'begin',
  holder: { pid: 7, host: 'h' },
  plan: of,
});

describe('a load balancer of the same name', () => {
  const here = planAt({});
  const [{ loadBalancer } = { loadBalancer: web() }] = here.changes;

  it.each(another)('%s is a different one', (_what, where) => {
    const there = planAt(where);
    const [found] = there.changes;
    expect(sameLoadBalancer(loadBalancer, here, found?.loadBalancer ?? web(), there)).toBe(false);
  });

  it('is the same if everything that identifies it is, whichever caller of the account acts', () => {
    const there = planAt({ caller: { ...mine, arn: 'arn:aws:sts::111111111111:assumed-role/r/s' } });
    expect(sameLoadBalancer(loadBalancer, here, loadBalancer, there)).toBe(true);
  });

  it.each(another)('%s that was changed since does not silence a change that was cut off', (_what, where) => {
    const openAfter = (later: Plan) => {
      const records = [begun('cut-off', here), begun('later', later)];
      const end: JournalRecord = { ...base('later'), record: 'end', outcome: 'applied' };
      return unsettled(foldHistory([...records, end])).map(({ changeId }) => changeId);
    };
    expect(openAfter(planAt(where))).toEqual(['cut-off']);
    expect(openAfter(here)).toEqual([]);
  });
});

describe('a target group of the same ARN', () => {
  const planOn = (found: Parameters<typeof nlb>[0]): Plan => {
    const state = { name: 'web', region: 'us-east-1', group: targetGroup(), listeners: [] };
    return plan('enable', [networkChange(nlb(found), state, [], [])], {
      tool: 't',
      createdAt: new Date(0),
      endpoint: undefined,
      caller: mine,
    });
  };
  const same = (a: Plan, b: Plan): boolean => {
    const [change] = b.changes;
    return change !== undefined && sameChange(a, change, b) !== undefined;
  };
  const later = '2027-01-01T00:00:00.000Z';

  it('is another service’s where its load balancer was made at another time', () => {
    expect(same(planOn({}), planOn({ createdTime: later }))).toBe(false);
  });

  it.each<readonly [string, Parameters<typeof nlb>[0]]>([
    ['nothing has changed', {}],
    ['the creation time was not recorded', { createdTime: undefined }],
    ['it has moved to another load balancer', { arn: loadBalancerArn('other'), createdTime: later }],
  ])('is the same where %s', (_what, found) => {
    expect(same(planOn({}), planOn(found))).toBe(true);
    expect(same(planOn(found), planOn({}))).toBe(true);
  });
});
